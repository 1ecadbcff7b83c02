"""A reply that is not an answer of the service is told from one, whatever its status says."""

import pytest

from scanner.providers.aws.exchange import check_root
from scanner.providers.failure import MalformedReplyError

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    "body",
    [
        b'<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>',
        DECLARATION + b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
        DECLARATION + b"<GetBucketVersioningOutput/>",
    ],
)
def test_a_document_under_the_services_or_the_operations_name_is_an_answer(body):
    check_root("GetBucketVersioning", "VersioningConfiguration", body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"OK",
        b"<html><body>Sign in</body></html>",
        b"<!DOCTYPE html>\n<html><body>Sign in</body></html>",
        DECLARATION + b"<ListBucketResult/>",
    ],
)
def test_any_other_success_in_xml_is_malformed(body):
    with pytest.raises(MalformedReplyError):
        check_root("GetBucketVersioning", "VersioningConfiguration", body)
