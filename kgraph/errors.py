"""What can go wrong.

KgraphError
├── BadQuery        the SPARQL text or a parameter is not valid            exit 2
│   └── Forbidden   the query asks for what may not be done here           exit 2
├── BadData         a file cannot be read, or must not be used as it is    exit 3
├── NotFound        no such thing, question, source or folder              exit 3
├── CannotWrite     a folder or file cannot be written                     exit 3
├── Timeout         the time limit was reached                             exit 4
├── EndpointError   another endpoint cannot be asked, or answers nonsense  exit 5
│   └── Busy        it answers too many others just now                    exit 5
└── LimitExceeded   the query, its answer or its memory is too large       exit 6
"""


class KgraphError(Exception):
    """Base of all errors that kgraph raises on purpose; `exit_code` is the command line's."""

    exit_code = 1


class BadQuery(KgraphError):
    exit_code = 2


class Forbidden(BadQuery):
    """The query asks for what may not be done here."""


class BadData(KgraphError):
    exit_code = 3


class NotFound(KgraphError):
    exit_code = 3


class CannotWrite(KgraphError):
    exit_code = 3


class Timeout(KgraphError):
    exit_code = 4


class EndpointError(KgraphError):
    exit_code = 5


class Busy(EndpointError):
    """Too many are asking just now."""


class LimitExceeded(KgraphError):
    exit_code = 6
