import CELTools

var lines: [String] = []
while let line = readLine() { lines.append(line) }
var conformance = Conformance()
for answer in conformance.run(lines) { print(answer) }
