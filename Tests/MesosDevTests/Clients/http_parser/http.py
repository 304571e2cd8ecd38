"""The part of the package http-parser that pymesos uses, which cannot be built for the Pythons of today.

Parses one response as it comes: a head, then a body of a known length or in chunks.
"""


class HttpParser:
    def __init__(self):
        self._buffer = b""
        self._status = None
        self._headers = {}
        self._body = b""
        self._remaining = 0
        self._complete = False
        self._error = 0

    def execute(self, data, length):
        self._buffer += bytes(data[:length])
        try:
            if self._status is None:
                self._parse_head()
            if self._status is not None and not self._complete:
                self._parse_body()
        except ValueError:
            self._error = 1
            return 0
        return length

    def get_errno(self):
        return self._error

    def is_headers_complete(self):
        return self._status is not None

    def get_status_code(self):
        return self._status

    def get_headers(self):
        return dict(self._headers)

    def is_chunked(self):
        return self._headers.get("TRANSFER-ENCODING", "").lower() == "chunked"

    def is_partial_body(self):
        return bool(self._body)

    def recv_body(self):
        body, self._body = self._body, b""
        return body

    def is_message_complete(self):
        return self._complete

    def _parse_head(self):
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lines = head.decode("latin-1").split("\r\n")
        self._status = int(lines[0].split(" ")[1])
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self._headers[name.strip().upper()] = value.strip()
        self._buffer = rest
        self._remaining = int(self._headers.get("CONTENT-LENGTH", "0"))

    def _parse_body(self):
        if self.is_chunked():
            return self._parse_chunks()
        taken, self._buffer = self._buffer[: self._remaining], self._buffer[self._remaining :]
        self._body += taken
        self._remaining -= len(taken)
        self._complete = self._remaining == 0

    def _parse_chunks(self):
        while True:
            line, separator, rest = self._buffer.partition(b"\r\n")
            if not separator:
                return
            length = int(line, 16)
            if len(rest) < length + 2:
                return
            self._body += rest[:length]
            self._buffer = rest[length + 2 :]
            if length == 0:
                self._complete = True
                return
