/// What clang's tree shows beside calls: the shapes of code that a port meets.
enum Construct: String, CaseIterable, Sendable {
  case bitField, unionType, flexibleArray, charArrayField, listOfItself
  case variadicFunction, inlineFunctionInHeader
  case mutableGlobal, staticLocal, threadLocal, functionTable
  case jumpOut, jumpToClose, jumpBack, computedJump, statementExpression, inlineAssembler, arrayOfRunTimeSize
  case octalMode, unsignedWrap, pointerArithmetic, assignmentInCondition
  case castToSocketAddress, castFromSocketAddress, castOfBytes, copyIntoStructure, copyOfStructure
  case callbackWithContext, writingHandler, lateErrno, abstractName, printedIdentifier
}
