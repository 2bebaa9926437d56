package dev.sallyport.app.cli;

import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/** Every option there is: its name, what follows it, an example, and its help. */
enum Flag {
  NAME("--name", "NAME", "backup", "which of this identity's services; \"default\" if left out"),
  PORT("--port", "N", "8765", "port to listen on; if left out, 8765 or any free one"),
  NODE_PORT("--port", "N", "6881", "UDP port of the nodes; if left out, any free one"),
  BIND(
      "--bind",
      "A,B,...",
      "127.0.0.1,127.0.0.2",
      "IPv4 addresses, one node for each; any address if left out"),
  OBSERVE_PORT(
      "--port", "N", "3478", "UDP and TCP port to answer on, with the next one; 3478 if left out"),
  OBSERVE_BIND(
      "--bind",
      "A[,B]",
      "192.0.2.1,192.0.2.2",
      "one or two addresses of this computer; every address if left out"),
  BOOTSTRAP(
      "--bootstrap",
      "H:P",
      "192.0.2.1:6881",
      "DHT node to start from; replaces the public ones; repeatable"),
  STUN(
      "--stun",
      "H:P",
      "192.0.2.1:3478",
      "STUN server to ask how we look from outside; replaces the public ones; repeatable"),
  NO_STUN("--no-stun", "ask no STUN server: the DHT's word and the local port will do"),
  RENDEZVOUS(
      "--rendezvous", "URI", "dht:", "where to find each other; dht: if left out; repeatable"),
  ADVERTISE(
      "--advertise",
      "H:P",
      "203.0.113.7:8765",
      "where others can dial us, such as a forwarded port; repeatable"),
  IDENTITY(
      "--identity",
      "FILE",
      "me.pem",
      "key to use, made if it is not there; ~/.config/sallyport/identity.pem if left out"),
  ALLOW(
      "--allow",
      "FILE",
      "callers.txt",
      "let in only callers whose public key (see sallyport id) is in this file, one a line;"
          + " read again when it changes"),
  ECHO("--echo", "send every message back to its sender"),
  MESSAGE("--message", "TEXT", "hello", "send this, print what comes back, and end"),
  LADDER(
      "--ladder",
      "RUNGS",
      "external,local,direct",
      "rungs to climb, in this order; external,local,direct if left out"),
  SEQUENTIAL(
      "--sequential", "try one rung after the other, each for some 5 s, instead of all at once"),
  REPORT(
      "--report",
      "FILE",
      "call.html",
      "write down how the call went, with the packets drawn, as a page for a browser"),
  TIMEOUT("--timeout", "TIME", "30s", "when to give up, such as 5000ms, 30s, 2m"),
  WITH(
      "--with",
      "NAT|ID",
      "symmetric",
      "what works with this peer: its type of NAT (open, full-cone, restricted-cone,"
          + " port-restricted, symmetric; or moderate, strict), or the id of its service"),
  THOROUGH(
      "--thorough",
      "also what takes long: who gets in when nobody is in a hurry, and whether you reach yourself"
          + " by your outer address (hairpin), within 15 s; and how long your NAT keeps what lies"
          + " quiet (mapping lifetime), some 2 minutes more"),
  UNTIL_EOF("--until-eof", "end when standard input does, for programs that start this one"),
  JSON("--json", "tell what happens as one JSON object a line, for programs"),
  HELP("--help", "show this help");

  private final String option;
  private final String label;
  private final String example;
  private final String help;

  /** One that takes a value. */
  Flag(String option, String label, String example, String help) {
    this.option = option;
    this.label = label;
    this.example = example;
    this.help = help;
  }

  /** One that is there or not. */
  Flag(String option, String help) {
    this(option, "", "", help);
  }

  /** As it is typed. */
  String option() {
    return option;
  }

  /** As it may be typed with a value. */
  String example() {
    return takesValue() ? option + " " + example : option;
  }

  boolean takesValue() {
    return !label.isEmpty();
  }

  boolean isRepeatable() {
    return this == BOOTSTRAP || this == STUN || this == RENDEZVOUS || this == ADVERTISE;
  }

  OptionSpec spec() {
    OptionSpec.Builder spec =
        this == HELP
            ? OptionSpec.builder("-h", option).usageHelp(true)
            : OptionSpec.builder(option);
    spec.description(help);
    if (!takesValue()) {
      return spec.type(boolean.class).arity("0").build();
    }
    spec.paramLabel(label).arity("1");
    return isRepeatable()
        ? spec.type(List.class).auxiliaryTypes(String.class).build()
        : spec.type(String.class).build();
  }
}
