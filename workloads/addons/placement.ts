import {
  SYSTEM_NODE_LABELS,
  SYSTEM_NODE_TOLERATION,
} from "../../infra/components/cluster/systemNodes";

/**
 * For controllers: on the system nodes, which are there before Karpenter is and which it never
 * consolidates. As the values of most charts have it; each call gives an object of its own.
 */
export function onSystemNodes() {
  return {
    nodeSelector: { ...SYSTEM_NODE_LABELS },
    tolerations: [{ ...SYSTEM_NODE_TOLERATION }],
  };
}
