"""The server with asyncio's protocols, or with uvloop's loop under them. server.py PORT greeting|echo asyncio|uvloop"""

import asyncio
import sys


class Greeting(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"Server Message")
        transport.close()


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def main(port, protocol):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if sys.argv[3] == "uvloop":
    import uvloop

    uvloop.install()
asyncio.run(main(int(sys.argv[1]), Greeting if sys.argv[2] == "greeting" else Echo))
