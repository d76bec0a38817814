{{/* nginx.conf that needs no root and writes to /tmp alone. Only where the placeholder runs. */}}
{{- define "service.placeholder" -}}
{{- if .Values.placeholder -}}
worker_processes 1;
error_log stderr warn;
pid /tmp/nginx.pid;
events { worker_connections 512; }
http {
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  access_log off;
  server_tokens off;
  server {
    listen {{ .Values.port }};
    default_type text/plain;
    location / { return 200 "{{ .Release.Name }} in {{ .Values.global.region }}\n"; }
  }
  {{- if .Values.metrics.enabled }}
  server {
    listen {{ .Values.metrics.port }};
    default_type "text/plain; version=0.0.4";
    location = {{ .Values.metrics.path }} {
      return 200 "# TYPE nginx_connections_active gauge\nnginx_connections_active $connections_active\n# TYPE nginx_connections_waiting gauge\nnginx_connections_waiting $connections_waiting\n";
    }
  }
  {{- end }}
}
{{- end }}
{{- end }}
