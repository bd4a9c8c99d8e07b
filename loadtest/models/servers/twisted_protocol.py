"""Twisted: the reactor that asyncio's protocols were modelled on."""

from twisted.internet import reactor
from twisted.internet.protocol import Factory, Protocol

from loadtest.models.entry import BACKLOG, HOST, Reply, Served, served


class Echo(Protocol):
    def __init__(self, reply: Reply) -> None:
        self.reply = reply

    def connectionMade(self) -> None:
        # With a streaming producer registered, a client that does not read its answers is
        # not read from either.
        self.transport.registerProducer(self.transport, True)

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(self.reply(data))


def serve(model: Served) -> None:
    factory = Factory.forProtocol(lambda: Echo(model.reply))
    factory.noisy = False
    reactor.listenTCP(model.port, factory, backlog=BACKLOG, interface=HOST)
    reactor.run()


if __name__ == "__main__":
    serve(served())
