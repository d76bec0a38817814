/** A query of a panel; `legend` in Grafana's own template. */
export interface Query {
  expr: string;
  legend: string;
}

export interface Panel {
  title: string;
  /** What the reader is to conclude. */
  description: string;
  /** Grafana's unit, such as `percentunit`, `s` or `reqps`. */
  unit: string;
  kind?: "timeseries" | "stat";
  queries: readonly Query[];
  /** From here on the panel turns red. */
  redFrom?: number;
  /** Width of 24; a third of the row when left out. */
  width?: 8 | 12 | 24;
}

export interface Row {
  title: string;
  panels: readonly Panel[];
}

export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  variables: readonly Variable[];
  rows: readonly Row[];
}

/** A choice at the dashboard's head. */
export interface Variable {
  name: string;
  label: string;
  /** A query of Prometheus' own variable kind, such as `label_values(metric, label)`. */
  query: string;
}

/** The data source is a choice too: one region's, or in the global region all regions'. */
const DATA_SOURCE = { type: "prometheus", uid: "${source}" };

const PANEL_HEIGHT = 8;
const WHOLE_WIDTH = 24;

/** A dashboard as Grafana reads it (Grafana, "Dashboard JSON model"). */
export function dashboardJson(dashboard: Dashboard) {
  return {
    uid: dashboard.uid,
    title: dashboard.title,
    description: dashboard.description,
    tags: ["multi-region-eks"],
    schemaVersion: 39,
    editable: false,
    refresh: "1m",
    time: { from: "now-3h", to: "now" },
    timezone: "utc",
    templating: { list: [sourceChoice(), ...dashboard.variables.map(choice)] },
    panels: laidOut(dashboard.rows),
  };
}

function sourceChoice() {
  return { name: "source", label: "Source", type: "datasource", query: "prometheus", hide: 0 };
}

function choice({ name, label, query }: Variable) {
  return {
    name,
    label,
    type: "query",
    datasource: DATA_SOURCE,
    query: { query, refId: name },
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: ".*",
    current: { text: "All", value: "$__all" },
  };
}

/** Rows under each other, a row's panels from left to right and on into the next line. */
function laidOut(rows: readonly Row[]) {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: own } of rows) {
    panels.push({
      id: panels.length + 1,
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: WHOLE_WIDTH, h: 1 },
    });
    y += 1;
    let x = 0;
    for (const panel of own) {
      const { width = 8 } = panel;
      if (x + width > WHOLE_WIDTH) {
        x = 0;
        y += PANEL_HEIGHT;
      }
      panels.push(drawn(panel, panels.length + 1, { x, y, w: width, h: PANEL_HEIGHT }));
      x += width;
    }
    y += PANEL_HEIGHT;
  }
  return panels;
}

function drawn(panel: Panel, id: number, gridPos: object) {
  const { title, description, unit, kind = "timeseries", queries, redFrom } = panel;
  const steps = [
    { color: "green", value: null },
    ...(redFrom === undefined ? [] : [{ color: "red", value: redFrom }]),
  ];
  return {
    id,
    type: kind,
    title,
    description,
    datasource: DATA_SOURCE,
    gridPos,
    fieldConfig: {
      defaults: { unit, min: 0, thresholds: { mode: "absolute", steps } },
      overrides: [],
    },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: DATA_SOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}
