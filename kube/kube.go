// Package kube is the one client of the Kubernetes API server.
//
// In goes the configuration: a kubeconfig as kubectl reads it, or the service account of the pod.
// Out comes what the API server knows: here, the pods of Flux on one node. The agent makes a Pods,
// Runs it beside its lanes, and they look up whether the log of a pod is one of Flux and which
// labels its lines get.
//
// A follower lists a resource and watches it, with the reflector of client-go, and keeps of each
// object only what its user needs. Namespaces and labels of pods are compared here and not by the
// server, because one watch can ask neither for "one of several selectors" nor for the prefix that
// the pods of a shard have in common.
//
// The package writes nothing to the cluster. An API server that does not answer stops nothing: what
// was known before stays known. Nothing is lost but metadata.
package kube
