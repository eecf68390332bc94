// End-to-end tests against real servers. A module of its own, so that what they
// need never becomes a dependency of the program.
module fluxtrail/e2e

go 1.26.0

replace fluxtrail => ../
