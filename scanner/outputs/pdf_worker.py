"""The process that lays out and writes one PDF, then ends and gives its memory back. Reads stdin, writes stdout.

It is run by its path and imports nothing of the scanner, so that it starts alike in a checkout and in a wheel. It
fetches nothing but files of the templates folder.
"""

import mimetypes
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import url2pathname

import msgspec

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

NO_LIBRARY = 9
"""Exit code when WeasyPrint or the libraries of the system that it needs cannot be loaded."""

VARIANT = "pdf/a-3a"

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_PDFA = "http://www.aiim.org/pdfa/ns"

UA_CLAIM = (
    f'<rdf:Description xmlns:rdf="{_RDF}" xmlns:pdfuaid="{_UA}" xmlns:pdfaExtension="{_PDFA}/extension/" '
    f'xmlns:pdfaSchema="{_PDFA}/schema#" xmlns:pdfaProperty="{_PDFA}/property#" rdf:about="">'
    "<pdfuaid:part>1</pdfuaid:part>"
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name>"
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Part of ISO 14289 that is followed</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property>"
    "</rdf:li></rdf:Bag></pdfaExtension:schemas>"
    "</rdf:Description>"
)
"""The claim of PDF/UA-1 beside PDF/A-3, with the extension schema that PDF/A asks for (ISO 19005-3, 6.6.2.3)."""


class AttachedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file carried inside the PDF."""

    name: str
    description: str
    content: bytes


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What to print. `identifier` is 16 bytes; `created` dates the attachments, so that equal jobs give equal bytes."""

    html: str
    folder: str
    identifier: bytes
    created: datetime
    attachments: tuple[AttachedFile, ...]


def main() -> int:
    """Decodes a job from stdin and writes the PDF to stdout."""
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Job)
    try:
        import weasyprint  # noqa: F401, PLC0415 (the point of this process is to load it here)
    except (ImportError, OSError) as error:
        sys.stderr.write(str(error).splitlines()[0] if str(error) else type(error).__name__)
        return NO_LIBRARY
    sys.stdout.buffer.write(write(job))
    return 0


def write(job: Job) -> bytes:
    """The PDF of a job."""
    from weasyprint import HTML, Attachment  # noqa: PLC0415 (loaded in this process only)

    folder = Path(job.folder).resolve()
    fetcher = Fetcher(folder)
    document = HTML(string=job.html, base_url=folder.as_uri() + "/", url_fetcher=fetcher).render(pdf_variant=VARIANT)
    if fetcher.refused:
        raise ValueError(f"the template asks for what it may not have: {fetcher.refused[0]}")
    original = document.metadata.generate_rdf_metadata

    def claimed(variant: str, version: str, conformance: str) -> bytes:
        made: bytes = original(variant, version, conformance)
        return made.replace(b"</rdf:RDF>", UA_CLAIM.encode() + b"</rdf:RDF>")

    document.metadata.generate_rdf_metadata = claimed
    attachments = [
        Attachment(
            string=item.content,
            name=item.name,
            description=item.description,
            relationship="Data",
            created=job.created,
            modified=job.created,
        )
        for item in job.attachments
    ]
    made: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=attachments, pdf_identifier=job.identifier)
    return made


class Fetcher:
    """Reads files below one folder; any other address is refused and kept in `refused`."""

    _fail_on_errors = False  # WeasyPrint asks its fetchers for this; a refusal ends the job after layout, by `refused`

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.refused: list[str] = []

    def __call__(self, url: str) -> "URLFetcherResponse":
        """The file's bytes; raises ValueError for anything that is no file of the folder."""
        from weasyprint.urls import URLFetcherResponse  # noqa: PLC0415 (loaded in this process only)

        path = Path(url2pathname(url.removeprefix("file://"))).resolve() if url.startswith("file:///") else None
        if path is None or not path.is_relative_to(self._folder) or not path.is_file():
            self.refused.append(url[:80])
            raise ValueError(f"refused: {url[:80]}")
        media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": media})


if __name__ == "__main__":
    sys.exit(main())
