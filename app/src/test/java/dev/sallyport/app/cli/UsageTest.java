package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class UsageTest {
  private static final String ID = "0123456789abcdef0123456789abcdef01234567";

  private static final String NINE =
      IntStream.range(0, 9).mapToObj(i -> "--rendezvous r:" + i).collect(Collectors.joining(" "));

  @TempDir Path home;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "sarve|\"sarve\" is not a command; expected serve, connect",
        "connect|the id of the service is missing",
        "connect xyz|an id has hex digits only",
        "connect 0123|an id has 40 hex digits, not 4",
        "connect Id(0123|the id lacks its closing parenthesis",
        "connect ID more|\"more\" is one word too many",
        "connect ID --ladder up|--ladder: \"up\" is not a rung; expected some of external, local",
        "connect ID --ladder local,local|--ladder: local stands there twice",
        "connect ID --ladder|--ladder needs a value; expected for example --ladder external",
        "connect ID --timeout 30|--timeout: \"30\" is not a time from 1ms to 24h; expected for example",
        "connect ID --timeout 0s|--timeout: \"0s\" is not a time",
        "connect ID --message --timeout|--message needs a value",
        "connect ID --rendezvous nowhere|--rendezvous: \"nowhere\" does not begin with a scheme",
        "connect ID --rendezvous foo:|no rendezvous is known for \"foo:\"; expected one of",
        "connect ID --rendezvous dht: --rendezvous dht:|--rendezvous: \"dht:\" is given twice; expected each",
        "connect ID --rendezvous dht: --rendezvous foo:|no rendezvous is known for \"foo:\"; expected one of",
        "connect ID --rendezvous dht:x --rendezvous foo:|the rendezvous \"dht:x\" has more than a scheme",
        "connect ID NINE|--rendezvous: there are 9 rendezvous; expected 1 to 8",
        "connect ID --report|--report needs a value; expected for example --report call.html",
        "connect ID --report=|--report: \"\" is no name of a file; expected for example --report call.html",
        "connect ID --sequential --sequential|--sequential is given twice",
        "connect ID --identity=|--identity: \"\" is no name of a file",
        "connect ID --rendezvous file:|file:",
        "connect ID --rendezvous file:here|file:here",
        "connect ID --rendezvous file:/nowhere/at/all|/nowhere/at/all",
        "lookup|the id of the service is missing",
        "lookup nonsense|an id has hex digits only",
        "serve --prot 1|there is no option --prot; there are --name, --port",
        "serve --port 99999|--port: \"99999\" is not a port from 1 to 65535; expected for example --port 8765",
        "serve --port 0|--port: \"0\" is not a port",
        "serve --port http|--port: \"http\" is not a port",
        "serve --port|--port needs a value; expected for example --port 8765",
        "serve --port 1 --port 2|--port is given twice",
        "serve --bootstrap nowhere|--bootstrap: \"nowhere\" has no port; expected HOST:PORT, for example",
        "serve --bootstrap 1.2.3:80|--bootstrap: \"1.2.3:80\" has no valid host name or address",
        "serve --bootstrap a:70000|--bootstrap: \"a:70000\" has no port between 1 and 65535",
        "serve --stun a:1 --no-stun|--stun and --no-stun contradict each other",
        "serve --advertise 224.0.0.1:80|--advertise: nobody can dial 224.0.0.1:80",
        "serve --advertise nowhere|--advertise: \"nowhere\" has no port",
        "serve --allow=|--allow: \"\" is no name of a file",
        "serve --name LONG|a service name has 1 to 64 bytes, not 65",
        "serve --name=|a service name has 1 to 64 bytes, not 0",
        "dht-node --bind here|--bind: \"here\" is not an IPv4 address; expected for example",
        "dht-node --bind 127.0.0.1,::1|--bind: \"::1\" is not an IPv4 address",
        "dht-node --port x|--port: \"x\" is not a port",
        "observe --port 65535|an observer needs two ports, N and N+1; expected an N from 1 to 65534",
        "observe --port 0|--port: \"0\" is not a port",
        "observe --bind here|--bind: \"here\" is not an IP address; expected for example",
        "observe --bind 127.0.0.1,|--bind: \"\" is not an IP address",
        "observe --bind 127.0.0.1,127.0.0.1|127.0.0.1 stands there twice",
        "observe --bind 127.0.0.1,::1|an observer's two addresses are both IPv4 or both IPv6",
        "observe --bind 127.0.0.1,127.0.0.2,127.0.0.3|an observer needs one or two addresses, not 3",
        "observe --bind 0.0.0.0|0.0.0.0 is not the address of one computer",
        "nat now|\"now\" is one word too many",
        "nat --with cone|--with: \"cone\" is neither a type of NAT nor an id; expected open, full-cone",
        "nat --with Id(0123|the id lacks its closing parenthesis",
        "nat --with|--with needs a value; expected for example --with symmetric",
        "nat --stun a:1 --no-stun|--stun and --no-stun contradict each other",
        "demo now|\"now\" is one word too many"
      })
  void mistake_isOneSentenceAndAnExample_andExit2(String typed, String sentence) {
    List<String> arguments =
        Arrays.asList(
            typed
                .replace("ID", ID)
                .replace("NINE", NINE)
                .replace("LONG", "a".repeat(65))
                .split(" "));
    TestConsole console = console();

    assertThat(run(console, arguments)).isEqualTo(2);
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).contains(sentence).contains("--help").hasLineCount(2);
    assertThat(console.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void mistake_isAnEventForPrograms() {
    TestConsole console = console();

    assertThat(run(console, List.of("serve", "--port", "99999", "--json"))).isEqualTo(2);
    assertThat(JsonText.object(console.out().strip()))
        .containsEntry("event", "failed")
        .containsEntry("kind", "usage")
        .containsEntry("exit", 2L);
  }

  @Test
  void unusableIdentity_isALocalProblem() throws Exception {
    Path file = Files.writeString(home.resolve("mine.pem"), "not a key");
    TestConsole console = console();

    assertThat(run(console, List.of("id", "--identity", file.toString()))).isEqualTo(7);
    assertThat(console.err()).contains(file.toString()).doesNotContain("Exception");
    assertThat(file).hasContent("not a key");
  }

  @Test
  void unusableAllowList_isALocalProblem_andNobodyIsServed() throws Exception {
    Path nonsense = Files.writeString(home.resolve("callers"), "ada\n");
    for (Path file : List.of(home.resolve("missing"), nonsense)) {
      TestConsole console = console();

      assertThat(run(console, List.of("serve", "--no-stun", "--allow", file + ""))).isEqualTo(7);
      assertThat(console.err()).contains(file + "").doesNotContain("Exception", "registered");
    }
  }

  @Test
  void reportThatCannotBeWritten_isALocalProblem_beforeAnythingIsSent() {
    TestConsole console = console();

    assertThat(run(console, List.of("connect", ID, "--no-stun", "--report", home.toString())))
        .isEqualTo(7);
    assertThat(console.err()).isEqualTo("failed      cannot write " + home + ": it is a folder\n");
    assertThat(home).isDirectory();
  }

  @Test
  void nothingTyped_explainsItself_andIsAMistake() {
    TestConsole console = console();

    assertThat(run(console, List.of())).isEqualTo(2);
    assertThat(console.err()).contains("sallyport serve --echo").contains("sallyport connect");
  }

  @Test
  void id_isTheSameEachTime_andSaysWhereItIsKept() {
    TestConsole first = console();
    TestConsole second = console();

    assertThat(run(first, List.of("id"))).isZero();
    assertThat(run(second, List.of("id", "--json"))).isZero();
    assertThat(first.out()).contains(home.resolve("config/sallyport/identity.pem").toString());
    Map<String, ?> json = JsonText.object(second.out().strip());
    assertThat(first.out()).contains(json.get("id") + "").contains(json.get("key") + "");
    assertThat(json.get("created")).isEqualTo(false);
  }

  static Stream<Command> commands() {
    return Stream.of(
        new ServeCommand(),
        new ConnectCommand(),
        new LookupCommand(),
        new IdCommand(),
        new NatCommand(),
        new DhtNodeCommand(),
        new ObserveCommand(),
        new DemoCommand());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_hasEveryOptionAndExitCode_andExamplesThatParse(Command command) {
    TestConsole console = console();

    assertThat(run(console, List.of(command.name(), "--help"))).isZero();
    assertThat(console.err()).isEmpty();
    for (Flag flag : command.flags()) {
      assertThat(console.out()).contains(flag.option());
    }
    for (ExitCode exit : command.exits()) {
      assertThat(console.out()).contains(exit.words());
    }
    for (String example : command.examples()) {
      assertThat(console.out()).contains(example);
      String[] words = example.replaceAll(" <.*", "").replace("'", "").split(" ");
      new CommandLine(Help.spec(command)).parseArgs(Arrays.copyOfRange(words, 2, words.length));
    }
  }

  @Test
  void version_isOneLine() {
    TestConsole console = console();

    assertThat(run(console, List.of("--version"))).isZero();
    assertThat(console.out()).startsWith("sallyport ").hasLineCount(1);
  }

  private TestConsole console() {
    return TestConsole.pipes(
        InputStream.nullInputStream(),
        Map.of(
            "XDG_CONFIG_HOME", home.resolve("config").toString(),
            "XDG_CACHE_HOME", home.resolve("cache").toString()));
  }

  private static int run(TestConsole console, List<String> arguments) {
    return new Cli(console.console(), new Interrupts(), () -> 0).run(arguments);
  }
}
