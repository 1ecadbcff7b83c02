"""What keys are kept in, from the groups that were read of it. Requires nothing."""

from datetime import timedelta

from scanner.facts.bindings import public_members
from scanner.facts.reading import leaf, unseen
from scanner.facts.subjects import KeyContainerFacts, NetworkFacts, RecoveryFacts
from scanner.facts.tagging import tags_of
from scanner.model.container import KeyContainer, Recovery
from scanner.model.settings import TagVocabulary


def derive_container(container: KeyContainer, vocabulary: TagVocabulary) -> KeyContainerFacts:
    """Everything rules may ask about one container."""
    recovery, network = container.recovery, container.network
    return KeyContainerFacts(
        id=container.id,
        name=container.name,
        provider=container.provider,
        account=container.account,
        region=container.region,
        kind=container.type,
        created_at=container.created_at,
        access_mode=leaf(container.access, lambda found: found.mode),
        recovery=RecoveryFacts(
            soft_delete=leaf(recovery, lambda found: found.soft_delete),
            retention=_retention(recovery) if isinstance(recovery, Recovery) else unseen(recovery),
            purge_protection=leaf(recovery, lambda found: found.purge_protection),
        ),
        network=NetworkFacts(
            public=leaf(network, lambda found: found.public),
            open_to_all=leaf(network, lambda found: found.public and found.default_allows),
            trusted_services=leaf(network, lambda found: found.trusted_services),
            private_endpoints=leaf(network, lambda found: len(found.private_endpoints)),
        ),
        tags=tags_of(container.tags, vocabulary),
        public_members=public_members(container.policy),
        evidence=container.evidence,
    )


def _retention(recovery: Recovery) -> timedelta | None:
    return None if recovery.retention_days is None else timedelta(days=recovery.retention_days)
