// The server with SwiftNIO, as its examples write it, on one event loop. nio PORT greeting|echo
import NIOCore
import NIOPosix

final class Greeting: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    let message = context.channel.allocator.buffer(string: "Server Message")
    context.writeAndFlush(NIOAny(message), promise: nil)
    context.close(promise: nil)
  }
}

final class Echo: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.write(data, promise: nil) }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

let arguments = CommandLine.arguments
let greets = arguments[2] == "greeting"
let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
let listener = try ServerBootstrap(group: group)
  .serverChannelOption(.backlog, value: 4096)
  .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
  .childChannelInitializer { channel in
    channel.eventLoop.makeCompletedFuture {
      if greets {
        try channel.pipeline.syncOperations.addHandler(Greeting())
      } else {
        try channel.pipeline.syncOperations.addHandler(Echo())
      }
    }
  }
  .bind(host: "127.0.0.1", port: Int(arguments[1])!).wait()
try listener.closeFuture.wait()
