/** Ports of a region's Thanos querier, for other queriers (StoreAPI) and for Grafana (PromQL). */
export const METRICS_PORTS = { grpc: 10901, http: 10902 } as const;
