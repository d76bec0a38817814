import { OperatorError } from "../config/errors";

/**
 * Round trips in ms, from a client near the row's region to the column's region: CloudPing's medians
 * of 14 Nov 2024. Route 53 answers by its own measurements, which move from week to week, so an
 * answer that hangs on a few milliseconds is a likely one, no promise.
 */
const MEASURED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "us-east-1": {
    "us-east-1": 8,
    "us-west-2": 66,
    "eu-west-1": 72,
    "ap-south-1": 196,
    "ap-southeast-1": 233,
  },
  "us-west-2": {
    "us-east-1": 65,
    "us-west-2": 5,
    "eu-west-1": 124,
    "ap-south-1": 222,
    "ap-southeast-1": 161,
  },
  "eu-west-1": {
    "us-east-1": 72,
    "us-west-2": 128,
    "eu-west-1": 6,
    "ap-south-1": 129,
    "ap-southeast-1": 180,
  },
  "ap-south-1": {
    "us-east-1": 196,
    "us-west-2": 222,
    "eu-west-1": 129,
    "ap-south-1": 6,
    "ap-southeast-1": 66,
  },
  "ap-southeast-1": {
    "us-east-1": 233,
    "us-west-2": 160,
    "eu-west-1": 183,
    "ap-south-1": 67,
    "ap-southeast-1": 7,
  },
};

/** Where each region is, as latitude and longitude of its city or state, for the pairs nobody measured. */
const PLACES: Readonly<Record<string, readonly [number, number]>> = {
  "af-south-1": [-33.9, 18.4],
  "ap-east-1": [22.3, 114.2],
  "ap-east-2": [25.0, 121.5],
  "ap-northeast-1": [35.7, 139.7],
  "ap-northeast-2": [37.6, 127.0],
  "ap-northeast-3": [34.7, 135.5],
  "ap-south-1": [19.1, 72.9],
  "ap-south-2": [17.4, 78.5],
  "ap-southeast-1": [1.35, 103.8],
  "ap-southeast-2": [-33.9, 151.2],
  "ap-southeast-3": [-6.2, 106.8],
  "ap-southeast-4": [-37.8, 145.0],
  "ap-southeast-5": [3.1, 101.7],
  "ap-southeast-6": [-36.8, 174.8],
  "ap-southeast-7": [13.8, 100.5],
  "ca-central-1": [45.5, -73.6],
  "ca-west-1": [51.0, -114.1],
  "eu-central-1": [50.1, 8.7],
  "eu-central-2": [47.4, 8.5],
  "eu-north-1": [59.3, 18.1],
  "eu-south-1": [45.5, 9.2],
  "eu-south-2": [41.6, -0.9],
  "eu-west-1": [53.3, -6.3],
  "eu-west-2": [51.5, -0.1],
  "eu-west-3": [48.9, 2.4],
  "il-central-1": [32.1, 34.8],
  "me-central-1": [24.5, 54.4],
  "me-south-1": [26.1, 50.6],
  "mx-central-1": [20.6, -100.4],
  "sa-east-1": [-23.5, -46.6],
  "us-east-1": [39.0, -77.5],
  "us-east-2": [40.0, -83.0],
  "us-gov-east-1": [40.0, -83.0],
  "us-gov-west-1": [45.8, -119.7],
  "us-west-1": [37.4, -122.0],
  "us-west-2": [45.8, -119.7],
};

/** Kilometres of great circle that cost 1 ms of round trip; what the measured pairs come to (56–76). */
const KM_PER_MS = 65;
const LAST_MILE_MS = 6;
const EARTH_RADIUS_KM = 6371;

/** The places that {@link roundTrip} has measurements for. */
export const MEASURED_REGIONS: readonly string[] = Object.keys(MEASURED);

/**
 * Milliseconds from a client near region `from` to region `to`: measured where the table has the pair,
 * else estimated from the distance.
 *
 * @throws OperatorError for a region that is in neither list.
 */
export function roundTrip(from: string, to: string): number {
  return MEASURED[from]?.[to] ?? Math.round(LAST_MILE_MS + distance(from, to) / KM_PER_MS);
}

function distance(from: string, to: string): number {
  const [lat1, lon1] = place(from);
  const [lat2, lon2] = place(to);
  const h = haversine(lat2 - lat1) + cos(lat1) * cos(lat2) * haversine(lon2 - lon1);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, h)));
}

/**
 * Latitude and longitude of a region's city or state, degrees.
 *
 * @throws OperatorError for a region that is not in the list.
 */
export function place(region: string): readonly [number, number] {
  const found = PLACES[region];
  if (found !== undefined) return found;
  throw new OperatorError({
    key: "region",
    value: region,
    rule: "the routing model knows where a region is, or it cannot say who is nearest to it",
    fix: "add the region's latitude and longitude to PLACES in infra/plan/latency.ts",
  });
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const cos = (degrees: number): number => Math.cos(radians(degrees));
const haversine = (degrees: number): number => Math.sin(radians(degrees) / 2) ** 2;
