"""The subjects of rules and their typed facts: the vocabulary a rule file may use. Derives nothing itself."""

from scanner.facts.subjects.access import AccessFacts, HolderFacts
from scanner.facts.subjects.account_region import AccountRegionFacts, LogKeyFacts, TrailFacts, VolumeKeyFacts
from scanner.facts.subjects.container import KeyContainerFacts, NetworkFacts, RecoveryFacts
from scanner.facts.subjects.data_store import BackupFacts, DataStoreFacts, OriginalFacts, StoreKeyFacts
from scanner.facts.subjects.fact import Fact
from scanner.facts.subjects.key import (
    CostFacts,
    DeletionFacts,
    GivenFacts,
    KeyFacts,
    LastUseFacts,
    MaterialFacts,
    PolicyFacts,
    ProtectedFacts,
    ProtectionFacts,
    ReplicaFacts,
    RotationFacts,
    TagFacts,
    VersionFacts,
)
from scanner.facts.subjects.population import PopulationFacts

SubjectFacts = KeyFacts | PopulationFacts | AccountRegionFacts | DataStoreFacts | KeyContainerFacts

__all__ = [
    "AccessFacts",
    "AccountRegionFacts",
    "BackupFacts",
    "CostFacts",
    "DataStoreFacts",
    "DeletionFacts",
    "Fact",
    "GivenFacts",
    "HolderFacts",
    "KeyContainerFacts",
    "KeyFacts",
    "LastUseFacts",
    "LogKeyFacts",
    "MaterialFacts",
    "NetworkFacts",
    "OriginalFacts",
    "PolicyFacts",
    "PopulationFacts",
    "ProtectedFacts",
    "ProtectionFacts",
    "RecoveryFacts",
    "ReplicaFacts",
    "RotationFacts",
    "StoreKeyFacts",
    "SubjectFacts",
    "TagFacts",
    "TrailFacts",
    "VersionFacts",
    "VolumeKeyFacts",
]
