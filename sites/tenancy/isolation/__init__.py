"""The isolation probe: two tenants full of content, and everybody of the first trying to reach the second.

``probe`` runs it, ``canaries`` makes the tenants, ``addresses`` and ``filling`` write down every address
that the resolvers know, ``visitor`` asks them, ``traces`` reads the answers, ``digest`` watches the
rows of the second tenant, ``code_tries`` goes around the views.
"""
