"""What a worker asks of every client, whatever protocol it speaks."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from threading import Event

from loadtest.blocking_socket import BlockingSocket
from loadtest.errors import ClientFailure, ErrorKind
from loadtest.options import Options
from loadtest.pace import Pace
from loadtest.witness import Witness


class Client(ABC):
    """One thread's work, in the order of its methods. Any of them may raise ClientFailure."""

    def __init__(self, options: Options, witness: Witness) -> None:
        self.options = options
        self.witness = witness
        self.owed: int | None = None  # receipts to wait for; None: not known yet
        self._socket: BlockingSocket | None = None

    @property
    def socket(self) -> BlockingSocket:
        if self._socket is None:
            raise ClientFailure(ErrorKind.CLOSED)
        return self._socket

    @abstractmethod
    def enter(self) -> None:
        """Connect, and be where lines arrive."""

    @abstractmethod
    def talk(self, pace: Pace, over: Event) -> None:
        """Say lines until the pace ends, or it is over."""

    @abstractmethod
    def linger(self, home: Event) -> None:
        """Go on reading until all that is owed has come, or everybody goes home."""

    def leave(self) -> None:
        """Say goodbye, if this client's protocol has a word for it, and close."""
        self.drop()

    def failed(self) -> None:
        """The connection has failed, which is counted: why the server said it ends, is not."""
        self.drop()

    def drop(self) -> None:
        """Close the connection, if there is one. Never fails."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    @property
    @abstractmethod
    def heard(self) -> int:
        """Receipts so far; any thread may ask."""

    @property
    @abstractmethod
    def last_heard_ns(self) -> int:
        """When the last one came; 0 if none did."""

    @abstractmethod
    def latencies_us(self) -> Iterable[int]:
        """One for each receipt, from the time at which its line was due. After the run."""
