/** What a service of ours is, apart from its values: where it runs and what it may touch in AWS. */
export interface Service {
  /** Name of the service, its release, its service account and its values folder; a DNS label. */
  name: string;
  /** `everywhere`, or `home`: in the fleet's home region for it, and where a stack takes that region over. */
  placement: "everywhere" | "home";
  /** A queue of its own (with a dead-letter queue) in every region, which it consumes. */
  queue?: QueueSpec;
  /** Queues, by their service's name, that it sends to. */
  sendsTo?: readonly string[];
  /** What it may do with objects of the region's data bucket; nothing when left out. */
  data?: "read" | "read-write";
}

export interface QueueSpec {
  /** Seconds that a message stays hidden from others while one worker has it; longer than the job takes. */
  visibilityTimeoutSeconds: number;
  /** Receives after which a message goes to the dead-letter queue. */
  maxReceives: number;
}

/** The Kubernetes namespace of our services. */
export const SERVICES_NAMESPACE = "services";

const jobs = (visibilityTimeoutSeconds: number): QueueSpec => ({
  visibilityTimeoutSeconds,
  maxReceives: 5,
});

/** Every service of ours. A new one is a line here and a values folder. */
export const SERVICES: readonly Service[] = [
  {
    name: "api",
    placement: "everywhere",
    data: "read-write",
    sendsTo: [
      "media-processor",
      "data-export",
      "chat-generation",
      "text-editor-chat",
      "feed-copy-generation",
      "ai-inference",
      "ai-training",
    ],
  },
  { name: "media", placement: "everywhere", data: "read-write", sendsTo: ["media-processor"] },
  { name: "media-processor", placement: "everywhere", data: "read-write", queue: jobs(900) },
  {
    name: "outbox",
    placement: "everywhere",
    queue: jobs(60),
    sendsTo: ["media-processor", "data-export"],
  },
  { name: "data-export", placement: "everywhere", data: "read-write", queue: jobs(3600) },
  { name: "chat-generation", placement: "home", queue: jobs(300) },
  { name: "text-editor-chat", placement: "home", queue: jobs(300) },
  { name: "feed-copy-generation", placement: "home", queue: jobs(300) },
  { name: "ai-inference", placement: "home", data: "read", queue: jobs(300) },
  { name: "ai-training", placement: "home", data: "read-write", queue: jobs(43_200) },
  { name: "ray", placement: "everywhere", data: "read-write" },
];
