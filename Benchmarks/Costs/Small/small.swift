// The small program in Swift.
import SwiftEngine
import SystemPackage

let text = SwiftEngine.vis(Array("hello\n".utf8).span)
try SwiftEngine.write(FileDescriptor.standardOutput, text.span)
