// Package kube is the one client of the Kubernetes API server.
//
// In goes the configuration: a kubeconfig as kubectl reads it, or the service account of the pod.
// Out comes what the API server knows. Pods are those of Flux on one node; the agent runs one
// beside its lanes, which look up whether the log of a pod is one of Flux and which labels its
// lines get. Objects are all objects of Flux in the cluster, of whatever kinds there are; package
// conditions/kube makes observations of them. A Lease says which agent of a cluster leads, and
// Notes are what the agents tell each other. Logs, with a Spool, are those of all pods of Flux, and
// Each lists objects once: for a replay of a cluster without an agent.
//
// A follower lists a resource and watches it, with the reflector of client-go, and keeps of each
// object only what its user needs: lists come in pages, so that memory does not grow with the
// cluster. Namespaces and labels of pods are compared here and not by the server, because one watch
// can ask neither for "one of several selectors" nor for the prefix that the pods of a shard have
// in common.
//
// The package writes nothing to the cluster but the Lease and the ConfigMaps of Notes. An API
// server that does not answer stops nothing: what was known before stays known. Goroutines are
// those of Objects, one for each kind, and of client-go; they end with the Run that started them.
package kube
