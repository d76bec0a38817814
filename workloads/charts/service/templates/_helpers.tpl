{{/* Labels that select the service's pods; never change for a release that is out. */}}
{{- define "service.selector" -}}
app.kubernetes.io/name: {{ .Release.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of pods: without the chart's version, whose rise must not restart them. */}}
{{- define "service.podLabels" -}}
{{ include "service.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | quote }}
app.kubernetes.io/component: {{ .Values.component }}
app.kubernetes.io/part-of: {{ .Values.partOf }}
environment: {{ .Values.global.environment }}
region: {{ .Values.global.region }}
{{- end }}

{{/* Name, namespace and labels of an object: the release's name, with `suffix` or another `name`. */}}
{{- define "service.metadata" -}}
name: {{ .name | default .root.Release.Name }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "service.podLabels" .root | nindent 2 }}
  app.kubernetes.io/managed-by: {{ .root.Release.Service }}
  helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{- define "service.serviceAccount" -}}
{{ .Values.serviceAccount.name | default .Release.Name }}
{{- end }}

{{- define "service.image" -}}
{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag }}{{ end }}
{{- end }}

{{/* Replica floor times capacity, rounded up, never above max. mulf calculates in decimals: 10 x 1.1 is 11. */}}
{{- define "service.floor" -}}
{{ min (int (ceil (mulf .Values.replicas.min .Values.capacity))) (int .Values.replicas.max) }}
{{- end }}

{{/* In-cluster DNS name, as the mesh's resources want it. */}}
{{- define "service.host" -}}
{{ .Release.Name }}.{{ .Release.Namespace }}.svc.cluster.local
{{- end }}

{{/* Environment variables that are no secret. */}}
{{- define "service.env" -}}
AWS_REGION: {{ .Values.global.region | quote }}
ENVIRONMENT: {{ .Values.global.environment | quote }}
SERVICE_NAME: {{ .Release.Name | quote }}
PORT: {{ .Values.port | quote }}
METRICS_PORT: {{ .Values.metrics.port | quote }}
{{- with .Values.queue.url }}
QUEUE_URL: {{ . | quote }}
{{- end }}
{{- with .Values.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Behaviour of the HPA, also of the one that KEDA makes. */}}
{{- define "service.scalingBehavior" -}}
# Up by 50 %, though by at most 10 pods a minute: the smaller of the two.
scaleUp:
  stabilizationWindowSeconds: 0
  selectPolicy: Min
  policies:
    - { type: Percent, value: 50, periodSeconds: 60 }
    - { type: Pods, value: 10, periodSeconds: 60 }
# Down by 10 % a minute, to the most that was wanted in the last five.
scaleDown:
  stabilizationWindowSeconds: 300
  selectPolicy: Max
  policies:
    - { type: Percent, value: 10, periodSeconds: 60 }
{{- end }}

{{/* What scales: target of HPA, KEDA and VPA. */}}
{{- define "service.scaleTarget" -}}
apiVersion: apps/v1
kind: {{ .Values.kind }}
name: {{ .Release.Name }}
{{- end }}
