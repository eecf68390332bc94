{{- /* What Loki's credentials need: files are read again when they change, without a restart. */ -}}
{{- define "fluxtrail.secretMounts" -}}
{{- if .Values.loki.bearer.secretName }}
- {name: bearer, mountPath: /etc/fluxtrail/bearer, readOnly: true}
{{- end }}
{{- if or .Values.loki.tls.caSecretName .Values.loki.tls.caConfigMapName }}
- {name: ca, mountPath: /etc/fluxtrail/ca, readOnly: true}
{{- end }}
{{- if .Values.loki.tls.clientSecretName }}
- {name: client, mountPath: /etc/fluxtrail/client, readOnly: true}
{{- end }}
{{- end -}}

{{- define "fluxtrail.secretVolumes" -}}
{{- with .Values.loki.bearer }}
{{- if .secretName }}
- name: bearer
  secret:
    secretName: {{ .secretName }}
    defaultMode: 0440
    items: [{key: {{ .tokenKey }}, path: token}]
{{- end }}
{{- end }}
{{- with .Values.loki.tls }}
{{- if .caSecretName }}
- name: ca
  secret: {secretName: {{ .caSecretName }}, defaultMode: 0444, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- if .caConfigMapName }}
- name: ca
  configMap: {name: {{ .caConfigMapName }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- if .clientSecretName }}
- name: client
  secret: {secretName: {{ .clientSecretName }}, defaultMode: 0440}
{{- end }}
{{- end }}
{{- end -}}

{{- /* What a container that reads logs may do. */ -}}
{{- define "fluxtrail.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
  {{- if eq .Values.security.mode "nonroot" }}
  add: [DAC_READ_SEARCH]
  {{- end }}
{{- with .Values.security.seLinuxOptions }}
seLinuxOptions: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
