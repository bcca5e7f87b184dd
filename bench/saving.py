"""Saving an article of many blocks through the editor's form, as a browser sends it."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

BLOCKS = 50
#: What the editor's buttons send; an autosave is told by what the script accepts.
ACTIONS = {
    "draft": {},
    "autosave": {},
    "publish": {"action-publish": "action-publish"},
    "submit": {"action-submit": "true"},
}


def save_command(clients: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """The command ``{"do": "save", "how": …, "path": …, "who": …, "round": …}`` of a side.

    ``clients``: signed-in ``django.test.Client`` by name. The form is fetched before the clock starts.
    """

    def save(
        _application: Any,
        _host: str,
        *,
        cookie: str,
        how: str,
        path: str,
        who: str,
        round: int,
    ) -> dict[str, Any]:
        client = clients[who]
        sent = urlencode(_form(client, path, round) | ACTIONS[how])
        accept = "application/json" if how == "autosave" else "text/html"
        queries: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            queries.append(sql)
            return execute(sql, params, many, context)

        from django.db import connection

        with connection.execute_wrapper(note):
            began, began_cpu = time.perf_counter(), time.process_time()
            answer = client.post(
                path,
                sent,
                content_type="application/x-www-form-urlencoded",
                headers={"accept": accept},
            )
            cpu = (time.process_time() - began_cpu) * 1000
            wall = (time.perf_counter() - began) * 1000
        _check(answer, how, path)
        return {"cpu": cpu, "wall": wall, "queries": queries}

    return save


def _form(client: Any, path: str, number: int) -> dict[str, Any]:
    from lxml import html
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    page = html.fromstring(client.get(path).content)
    form = max(page.forms, key=lambda found: len(found.fields))
    fields = {name: value for name, value in form.form_values() if not name.startswith("action-")}
    fields["title"] = f"{fields['title'][:60]} · {number}"
    blocks = [
        ("paragraph", rich_text(f"<p>{_sentence(place, number)}</p>", features=["bold"]))
        if place % 10
        else ("html", f"<table><tr><td>{place}</td><td>示例</td></tr></table>")
        for place in range(BLOCKS)
    ]
    return fields | nested_form_data({"body": streamfield(blocks)})


_FORMS = ["选拔性考试", "入学测试", "学科竞赛", "面试面谈", "能力评级", "简历筛选", "摸底分班"]
_EARLY = [
    "招生",
    "报名",
    "录取",
    "分班",
    "收费",
    "开课",
    "签约",
    "公布名单",
    "划定片区",
    "发放通知书",
    "组织体检",
]
_FEES = [
    "入学",
    "分班",
    "转学",
    "升学",
    "座位",
    "校服",
    "伙食",
    "教辅",
    "保险",
    "住宿",
    "延时服务",
    "社会实践",
    "校车",
]


def _sentence(place: int, number: int) -> str:
    """Another one in each block and each round: what was checked before costs the checks nothing."""
    turn = place + 50 * number
    early, fee = _EARLY[turn % len(_EARLY)], _FEES[turn % len(_FEES)]
    return (
        f"第{place}段：各学校不得以任何形式组织{early}前的{_FORMS[turn % len(_FORMS)]}和{fee}考核，"
        f"不得提前{early}并要求家长承诺{fee}，不得收取与{fee}、{early}挂钩的费用。"
    )


def _check(answer: Any, how: str, path: str) -> None:
    if how == "autosave":
        saved = answer.status_code == 200 and answer.json().get("success")
    else:
        saved = answer.status_code == 302
    if not saved:
        raise AssertionError((how, path, answer.status_code, answer.content[:4000].decode()))
