package sinks

// Classify lets the tests of this package see how answers are classified.
var Classify = classify
