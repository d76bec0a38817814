{{/* The restricted Pod Security Standard, pod and container. */}}
{{- define "service.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "service.containerSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
readOnlyRootFilesystem: true
allowPrivilegeEscalation: false
privileged: false
capabilities: { drop: [ALL] }
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "service.envFrom" -}}
- configMapRef: { name: {{ .Release.Name }}-env }
{{- range $name, $_ := .Values.secrets }}
- secretRef: { name: {{ $.Release.Name }}-{{ $name }} }
{{- end }}
{{- end }}

{{- define "service.volumeMounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .Values.placeholder }}
- { name: placeholder, mountPath: /etc/placeholder, readOnly: true }
{{- end }}
{{- end }}

{{- define "service.volumes" -}}
- name: tmp
  emptyDir: { sizeLimit: {{ .Values.tmpSize }} }
{{- if .Values.placeholder }}
- name: placeholder
  configMap: { name: {{ .Release.Name }}-placeholder }
{{- end }}
{{- end }}

{{/* Changed settings roll out inside the release, where `atomic` sees them; Reloader is for secrets. */}}
{{- define "service.podAnnotations" -}}
checksum/settings: {{ list (include "service.env" .) (include "service.placeholder" .) | join "\n" | sha256sum }}
{{- if and .Values.mesh.enabled .Values.metrics.enabled (ne (int .Values.metrics.port) (int .Values.port)) }}
traffic.sidecar.istio.io/excludeInboundPorts: {{ .Values.metrics.port | quote }}
{{- end }}
{{- end }}

{{/* Labels of the pod template, with the word to the sidecar injector. */}}
{{- define "service.templateLabels" -}}
{{ include "service.podLabels" . }}
sidecar.istio.io/inject: {{ .Values.mesh.enabled | quote }}
{{- end }}

{{/* Apart from each other's nodes where that can be, and spread over the zones. */}}
{{- define "service.spread" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels:
              {{- include "service.selector" . | nindent 14 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: {{ .Values.spread.zones }}
    labelSelector:
      matchLabels:
        {{- include "service.selector" . | nindent 8 }}
    {{- if eq .Values.kind "Deployment" }}
    # Each revision by itself, or a rollout's old pods would skew the new.
    matchLabelKeys: [pod-template-hash]
    {{- end }}
{{- end }}

{{- define "service.probe" -}}
{{- with .command -}}
exec: { command: {{ toJson . }} }
{{- else -}}
httpGet: { path: {{ .path }}, port: http }
{{- end }}
periodSeconds: {{ .periodSeconds }}
timeoutSeconds: {{ .timeoutSeconds }}
failureThreshold: {{ .failureThreshold }}
{{- end }}

{{/* Pod template of a Deployment or StatefulSet. */}}
{{- define "service.podTemplate" -}}
metadata:
  labels:
    {{- include "service.templateLabels" . | nindent 4 }}
  annotations:
    {{- include "service.podAnnotations" . | nindent 4 }}
spec:
  serviceAccountName: {{ include "service.serviceAccount" . }}
  # EKS Pod Identity and Istio project tokens of their own.
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .Values.rollout.terminationGracePeriodSeconds }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    {{- include "service.podSecurityContext" . | nindent 4 }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- include "service.spread" . | nindent 2 }}
  containers:
    - name: {{ .Release.Name }}
      image: {{ include "service.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      {{- if .Values.placeholder }}
      command: [nginx, -e, stderr, -c, /etc/placeholder/nginx.conf, -g, daemon off;]
      {{- else if .Values.command }}
      command: {{ toJson .Values.command }}
      {{- end }}
      {{- with .Values.args }}
      args: {{ toJson . }}
      {{- end }}
      ports:
        - { name: http, containerPort: {{ .Values.port }}, protocol: TCP }
        {{- if .Values.metrics.enabled }}
        - { name: metrics, containerPort: {{ .Values.metrics.port }}, protocol: TCP }
        {{- end }}
      envFrom:
        {{- include "service.envFrom" . | nindent 8 }}
      {{- with .Values.secretEnv }}
      env:
        {{- range $variable, $secret := . }}
        # Reloader restarts the pod when the Secret comes later.
        - name: {{ $variable }}
          valueFrom: { secretKeyRef: { name: {{ $secret.name }}, key: {{ $secret.key }}, optional: true } }
        {{- end }}
      {{- end }}
      {{- range $name := list "startup" "liveness" "readiness" }}
      {{- $probe := get $.Values.probes $name }}
      {{- if $probe.enabled }}
      {{ $name }}Probe:
        {{- include "service.probe" $probe | nindent 8 }}
      {{- end }}
      {{- end }}
      lifecycle:
        preStop:
          sleep: { seconds: {{ .Values.rollout.preStopSleepSeconds }} }
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        {{- include "service.containerSecurityContext" . | nindent 8 }}
      volumeMounts:
        {{- include "service.volumeMounts" . | nindent 8 }}
        {{- if and (eq .Values.kind "StatefulSet") .Values.persistence.size }}
        - { name: data, mountPath: {{ .Values.persistence.mountPath }} }
        {{- end }}
  volumes:
    {{- include "service.volumes" . | nindent 4 }}
{{- end }}
