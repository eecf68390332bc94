// Package frame takes off what stands around the text that a program wrote to its log.
//
// In goes one physical line without its newline: as a container runtime wrote it (CRI, Docker), a
// viewer (kubectl, stern, k9s), or one of Loki's tools. Out comes a [Piece]: the text, and the
// time, stream and pod that the framing names. [Sniff] finds the framing of a file from its first
// bytes.
//
// The callers are package tail and, for [Clock], whoever reads times. Every function is a pure
// function of its bytes; nothing here opens a file, keeps a line, or knows what a line means.
package frame
