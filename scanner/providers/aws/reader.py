"""The reader of AWS: the common one over a connection to AWS, which can also become a role. Interprets no answer."""

from typing import TypeAlias

from scanner.providers import reader
from scanner.providers.answer import Answer
from scanner.providers.aws import replies
from scanner.providers.aws.api import Connection, Role
from scanner.providers.aws.operations import ASSUME_ROLE

Reader: TypeAlias = reader.Reader[Connection]


def assume(start: Reader, role: Role) -> tuple[Connection | None, Answer[replies.AssumeRole]]:
    """Becomes a role."""
    connection, reply = start.send(ASSUME_ROLE, lambda: start.connection.assume(role, start.region))
    shown = {"RoleArn": role.arn, "RoleSessionName": role.session_name}
    answer = Answer(
        operation=ASSUME_ROLE,
        pages=(reply.value,) if reply.value else (),
        failure=reply.failure,
        raw=(start.raw_of(ASSUME_ROLE, shown, reply, "/1"),),
    )
    return connection, answer
