"""What a test's worker is given to do: a consumer that writes a row for each version it applies."""

from sites.outbox.models import Job
from sites.registry.delivery import register_consumer


def _note(delivery):
    Job.objects.create(
        kind="effect", key=f"{delivery.subject_uuid}-{delivery.version}", status="done"
    )


register_consumer("live", {"resource.published"}, _note, is_transactional=True)
