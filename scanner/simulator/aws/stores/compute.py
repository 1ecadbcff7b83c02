"""Functions, registries and clusters of Lambda, ECR, EKS and MSK, as their services list them. Changes nothing."""

from collections.abc import Mapping
from datetime import datetime

from scanner.simulator.aws.identifiers import uuid_of
from scanner.simulator.aws.records import Row as AnyRow
from scanner.simulator.aws.stores.shelves import Handler, Shelf, Spot, describing, listing

Row = dict[str, object]

FUNCTIONS, REPOSITORIES, CLUSTERS = "lambda:Functions", "ecr:Repositories", "eks:Clusters"
BROKERS = "kafka:Clusters"
_CLUSTERS = Shelf(name=CLUSTERS, member="clusters", most=100, pages=("maxResults", "nextToken", "nextToken"))


def _name(row: AnyRow) -> object:
    return row["name"]


READS: Mapping[tuple[str, str], Handler] = {
    ("lambda", "ListFunctions"): listing(
        Shelf(name=FUNCTIONS, member="Functions", most=50, pages=("MaxItems", "Marker", "NextMarker"))
    ),
    ("ecr", "DescribeRepositories"): listing(
        Shelf(name=REPOSITORIES, member="repositories", most=1000, pages=("maxResults", "nextToken", "nextToken"))
    ),
    ("eks", "ListClusters"): listing(_CLUSTERS, show=_name),
    ("eks", "DescribeCluster"): describing(
        _CLUSTERS, named="name", by="name", member="cluster", missing="ResourceNotFoundException"
    ),
    ("kafka", "ListClustersV2"): listing(Shelf(name=BROKERS, member="ClusterInfoList", most=100)),
}


def function(spot: Spot, name: str, key: str | None) -> Row:
    """A function with something in its environment; without a key that is under one of the provider."""
    return {
        "FunctionName": name,
        "FunctionArn": spot.arn("lambda", f"function:{name}"),
        "Runtime": "python3.14",
        "Environment": {"Variables": {"MODE": "live"}},
        **({"KMSKeyArn": key} if key else {}),
    }


def repository(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A repository of images; without a key it is under one of the provider."""
    chosen: Row = {"encryptionType": "KMS", "kmsKey": key} if key else {"encryptionType": "AES256"}
    return {
        "repositoryArn": spot.arn("ecr", f"repository/{name}"),
        "registryId": spot.account,
        "repositoryName": name,
        "createdAt": made,
        "encryptionConfiguration": chosen,
    }


def cluster(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A cluster of EKS whose secrets are wrapped with a key, or with none that can be seen."""
    wrapped = [{"resources": ["secrets"], "provider": {"keyArn": key}}] if key else []
    return {
        "name": name,
        "arn": spot.arn("eks", f"cluster/{name}"),
        "createdAt": made,
        "version": "1.34",
        "status": "ACTIVE",
        **({"encryptionConfig": wrapped} if wrapped else {}),
    }


def brokers(spot: Spot, name: str, key: str | None, made: datetime) -> Row:
    """A cluster of MSK under the key of its volumes; a serverless one has none that can be seen."""
    volumes = {"EncryptionInfo": {"EncryptionAtRest": {"DataVolumeKMSKeyId": key}}}
    nodes = {"ClientSubnets": [], "InstanceType": "kafka.m7g.large"}
    provisioned: Row = {"Provisioned": {"BrokerNodeGroupInfo": nodes, "NumberOfBrokerNodes": 3, **volumes}}
    return {
        "ClusterType": "PROVISIONED" if key else "SERVERLESS",
        "ClusterArn": spot.arn("kafka", f"cluster/{name}/{uuid_of(spot.account, name)}-4"),
        "ClusterName": name,
        "CreationTime": made,
        "State": "ACTIVE",
        **(provisioned if key else {}),
    }
