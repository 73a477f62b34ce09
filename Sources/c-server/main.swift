import CEngine
import Programs

serverProgram(CEngine.self)
