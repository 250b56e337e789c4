import CELTools
import Glibc

var conformance = Conformance()
while let line = readLine() {
  print(conformance.answer(line))
  fflush(nil)
}
