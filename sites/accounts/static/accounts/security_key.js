/* Lets the browser talk to a security key. The challenge stands in the form; the answer goes back in it. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-key-options]");
  if (!form || !window.PublicKeyCredential) { return; }

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function prepared(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) { options.user.id = bytes(options.user.id); }
    (options.excludeCredentials || []).concat(options.allowCredentials || []).forEach(function (one) {
      one.id = bytes(one.id);
    });
    return options;
  }

  function answered(credential) {
    var response = { clientDataJSON: text(credential.response.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (credential.response[name]) { response[name] = text(credential.response[name]); }
    });
    return {
      id: credential.id, rawId: text(credential.rawId), type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(), response: response
    };
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) {
    var answer = form.elements.key_response;
    if (answer.value) { return; }
    event.preventDefault();
    var options = prepared(JSON.parse(form.dataset.keyOptions).publicKey);
    var asked = form.dataset.keyAction === "create"
      ? navigator.credentials.create({ publicKey: options })
      : navigator.credentials.get({ publicKey: options });
    asked.then(function (credential) {
      answer.value = JSON.stringify(answered(credential));
      form.submit();
    }, function () {
      form.querySelector("[data-key-failed]").hidden = false;
    });
  });
})();
