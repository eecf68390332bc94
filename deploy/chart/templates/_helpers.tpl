{{- define "fluxtrail.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* Names of pods of a DaemonSet get a hash of six bytes, and our objects suffixes: 45 is what is left. */ -}}
{{- define "fluxtrail.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 45 | trimSuffix "-" -}}
{{- else if contains (include "fluxtrail.name" .) .Release.Name -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "fluxtrail.name" .) | trunc 45 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* Names of objects that belong to no namespace. */ -}}
{{- define "fluxtrail.clustername" -}}
{{- if eq .Release.Namespace (include "fluxtrail.fullname" .) -}}
{{- include "fluxtrail.fullname" . -}}
{{- else -}}
{{- printf "%s-%s" .Release.Namespace (include "fluxtrail.fullname" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "fluxtrail.selector" -}}
app.kubernetes.io/name: {{ include "fluxtrail.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- /* part-of is ours and never flux: flux check, flux uninstall and monitors of Flux select by that. */ -}}
{{- define "fluxtrail.labels" -}}
{{- $own := dict "app.kubernetes.io/name" (include "fluxtrail.name" .) "app.kubernetes.io/instance" .Release.Name -}}
{{- $more := dict "app.kubernetes.io/version" (.Chart.AppVersion | replace "+" "_" | trunc 63)
  "app.kubernetes.io/component" "monitoring" "app.kubernetes.io/part-of" "fluxtrail"
  "app.kubernetes.io/managed-by" .Release.Service
  "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- toYaml (merge dict $own .Values.commonLabels $more) -}}
{{- end -}}

{{- /* The head of an object: (list . NAME NAMESPACE LABELS ANNOTATIONS); without a namespace where it is empty. */ -}}
{{- define "fluxtrail.metadata" -}}
{{- $ := index . 0 -}}
metadata:
  name: {{ index . 1 }}
  {{- with index . 2 }}
  namespace: {{ . }}
  {{- end }}
  labels: {{- toYaml (merge dict (include "fluxtrail.labels" $ | fromYaml) (index . 3)) | nindent 4 }}
  {{- with merge dict (index . 4) $.Values.commonAnnotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "fluxtrail.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "fluxtrail.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "fluxtrail.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag | replace "+" "_") -}}
{{- end -}}
{{- end -}}

{{- define "fluxtrail.scrapeAnnotations" -}}
{{- $monitored := or .Values.serviceMonitor.create .Values.podMonitor.create -}}
{{- if or (eq .Values.scrapeAnnotations "always") (and (eq .Values.scrapeAnnotations "auto") (not $monitored)) -}}
prometheus.io/scrape: "true"
prometheus.io/port: {{ .Values.port | quote }}
prometheus.io/path: /metrics
{{- end -}}
{{- end -}}

{{- /* One namespace of Flux: a Role in it is enough. */ -}}
{{- define "fluxtrail.oneNamespace" -}}
{{- $namespaces := dig "kube" "namespaces" list .Values.config -}}
{{- if eq (len $namespaces) 1 }}{{ first $namespaces }}{{ end -}}
{{- end -}}

{{- /* The configuration: what the values say by themselves, then config over it. */ -}}
{{- define "fluxtrail.config" -}}
{{- $http := dict -}}
{{- if .Values.loki.bearer.secretName -}}
{{- $_ := set $http "bearer" (dict "file" "/etc/fluxtrail/bearer/token") -}}
{{- end -}}
{{- $tls := dict -}}
{{- if or .Values.loki.tls.caSecretName .Values.loki.tls.caConfigMapName -}}
{{- $_ := set $tls "ca_file" "/etc/fluxtrail/ca/ca.crt" -}}
{{- end -}}
{{- if .Values.loki.tls.clientSecretName -}}
{{- $_ := set $tls "cert_file" "/etc/fluxtrail/client/tls.crt" -}}
{{- $_ := set $tls "key_file" "/etc/fluxtrail/client/tls.key" -}}
{{- end -}}
{{- if $tls }}{{ $_ := set $http "tls" $tls }}{{ end -}}
{{- $loki := dict "enabled" .Values.loki.enabled "url" .Values.loki.url "tenant" .Values.loki.tenant -}}
{{- if $http }}{{ $_ := set $loki "http" $http }}{{ end -}}
{{- $own := dict
  "agent" (dict "cluster" .Values.clusterName "state_dir" "/var/lib/fluxtrail")
  "tail" (dict "include" (list .Values.logs.path))
  "loki" $loki "server" (dict "listen" (printf ":%v" .Values.port)) -}}
{{- toYaml (mergeOverwrite $own (deepCopy .Values.config)) -}}
{{- end -}}
