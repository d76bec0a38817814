import { ipv4, overlap } from "../cidr";
import type { Call, Catalogue } from "../definition";
import { refuse } from "../refusal";
import { at, flag, type Props, text } from "../values";
import { VPC, inVpc } from "./vpc";

export const PEERING = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";

function admitPeering(inputs: Props, { cloud, region }: Call): void {
  const mine = cloud.get(VPC, region, text(inputs, "vpcId") ?? "");
  const peer = cloud.get(
    VPC,
    text(inputs, "peerRegion") ?? region,
    text(inputs, "peerVpcId") ?? "",
  );
  if (!peer && !cloud.assumeExisting) {
    refuse(
      `peerVpcId "${text(inputs, "peerVpcId")}": no VPC of that id in ${text(inputs, "peerRegion") ?? region}`,
      "peerVpcId",
    );
  }
  const a = mine && text(mine.inputs, "cidrBlock");
  const b = peer && text(peer.inputs, "cidrBlock");
  if (a !== undefined && b !== undefined && overlap(ipv4("cidrBlock", a), ipv4("cidrBlock", b))) {
    refuse(`the VPCs to be peered overlap: ${a} and ${b}`, "peerVpcId");
  }
}

export const vpcPeering: Catalogue = {
  [PEERING]: {
    forceNew: ["peerOwnerId", "peerRegion", "peerVpcId", "vpcId", "region"],
    references: [inVpc],
    admit: admitPeering,
    validate: (inputs) => {
      if (at(inputs, "peerRegion").length > 0 && flag(inputs, "autoAccept")) {
        refuse(
          "autoAccept cannot be used with peerRegion: the accepter's region accepts",
          "autoAccept",
        );
      }
    },
    id: (_inputs, { cloud }) => `pcx-0${cloud.hex(16)}`,
    outputs: (inputs, { cloud, old }) => ({
      acceptStatus:
        old?.acceptStatus ?? (flag(inputs, "autoAccept") ? "active" : "pending-acceptance"),
      peerOwnerId: inputs.peerOwnerId ?? cloud.account,
      peerRegion: inputs.peerRegion ?? inputs.region,
    }),
  },
  "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": {
    forceNew: ["vpcPeeringConnectionId", "region"],
    references: [{ path: "vpcPeeringConnectionId", type: PEERING, anyRegion: true, blocks: false }],
    id: (inputs) => text(inputs, "vpcPeeringConnectionId") ?? "",
    outputs: (_inputs, { cloud, id }) => {
      const peering = cloud.all(PEERING).find((thing) => thing.id === id);
      return {
        acceptStatus: "active",
        vpcId: peering?.inputs.peerVpcId,
        peerVpcId: peering?.inputs.vpcId,
        peerOwnerId: cloud.account,
        peerRegion: peering?.region,
      };
    },
    admit: (inputs, { cloud, region }) => {
      const id = text(inputs, "vpcPeeringConnectionId");
      const peering = cloud.all(PEERING).find((thing) => thing.id === id);
      if (!peering) return;
      const there = text(peering.inputs, "peerRegion") ?? peering.region;
      if (there !== region) {
        refuse(`${id} is accepted in ${there}, not in ${region}`, "vpcPeeringConnectionId");
      }
      peering.state.acceptStatus = "active";
    },
  },
  "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions": {
    forceNew: ["vpcPeeringConnectionId", "region"],
    references: [{ path: "vpcPeeringConnectionId", type: PEERING, anyRegion: true, blocks: false }],
    admit: (inputs, { cloud, region }) => {
      const id = text(inputs, "vpcPeeringConnectionId");
      const peering = cloud.all(PEERING).find((thing) => thing.id === id);
      if (!peering) return;
      if (peering.state.acceptStatus !== "active") {
        refuse(
          `${id} is not active: accept it before its options are set`,
          "vpcPeeringConnectionId",
        );
      }
      const there = text(peering.inputs, "peerRegion") ?? peering.region;
      const both = there === peering.region;
      if (!both && at(inputs, "accepter").length > 0 && region !== there) {
        refuse(`the accepter's options of ${id} are set in ${there}, not in ${region}`, "accepter");
      }
      if (!both && at(inputs, "requester").length > 0 && region !== peering.region) {
        refuse(`the requester's options of ${id} are set in ${peering.region}`, "requester");
      }
    },
    id: (inputs) => text(inputs, "vpcPeeringConnectionId") ?? "",
  },
};
