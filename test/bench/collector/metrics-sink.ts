import { createSocket } from "node:dgram";

// Holds a UDP port open, and says so.
// usage: metrics-sink.ts PORT

createSocket("udp4").bind(Number(process.argv[2]), "127.0.0.1", () => process.send?.("open"));
