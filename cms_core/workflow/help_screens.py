"""How-tos of review, and of Wagtail's screens that review stands before."""

from sites.registry.help_screens import register_help_screens

_PIECE = "a piece of another screen"

register_help_screens(
    "cms_core_workflow",
    {
        "review:waiting": "review",
        "review:returned": "review",
        "review:mine": "review",
        "review:urgent": "review",
        "review:item": "review",
        "review:settings": "review-settings",
        "review:export": "review-export",
        "wagtailadmin_workflows:index": "workflows",
        "wagtailadmin_workflows:add": "workflows",
        "wagtailadmin_workflows:edit": "workflows",
        "wagtailadmin_workflows:disable": "workflows",
        "wagtailadmin_workflows:usage": "workflows",
        "wagtailadmin_workflows:remove": "workflows",
        "wagtailadmin_workflows:add_task": "workflows",
        "wagtailadmin_workflows:select_task_type": "workflows",
        "wagtailadmin_workflows:task_index": "workflows",
        "wagtailadmin_workflows:edit_task": "workflows",
        "wagtailadmin_workflows:disable_task": "workflows",
        "wagtailadmin_workflows:task_chooser": "workflows",
        "wagtailadmin_pages:collect_workflow_action_data": "review",
        "wagtailadmin_pages:confirm_workflow_cancellation": "review",
        "wagtailadmin_pages:workflow_history": "review",
        "wagtailadmin_pages:workflow_history_detail": "review",
        "wagtailadmin_reports:workflow": "report-review",
        "wagtailadmin_reports:workflow_tasks": "report-review",
    },
    no_screens={
        "wagtailadmin_workflows:enable": "a button",
        "wagtailadmin_workflows:enable_task": "a button",
        "wagtailadmin_workflows:task_chooser_create": _PIECE,
        "wagtailadmin_workflows:task_chosen": _PIECE,
        "wagtailadmin_pages:workflow_preview": "the page as readers see it",
    },
)
