package dev.sallyport.domain.nat;

import static dev.sallyport.domain.nat.Looks.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Observation.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@link NatClassifier} on mappings and ports, one by one. */
class NatRulesTest {

  @ParameterizedTest(name = "rule {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1 the later view counts       | A:1 4000=7:1, B:1 4000=7:2, A:1 4000=7:2"
            + " | ENDPOINT_INDEPENDENT 80",
        "2 one address is one witness  | A:1 4000=7:1, A:2 4000=7:1 | unknown",
        "4 three agree                 | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=7:1"
            + " | ENDPOINT_INDEPENDENT 90",
        "4 four agree                  | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=7:1, D:1 4000=7:1"
            + " | ENDPOINT_INDEPENDENT 95",
        "4 one of three lies           | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=9:5"
            + " | ENDPOINT_INDEPENDENT 40",
        "4 one of four lies            | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=7:1, D:1 4000=9:5"
            + " | ENDPOINT_INDEPENDENT 60",
        "4 one of three is two-faced   | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=7:1, C:2 4000=7:2"
            + " | ENDPOINT_INDEPENDENT 40",
        "4 one contradicts half        | A:1 4000=7:1, A:1 4001=7:2, B:1 4000=7:1, B:1 4001=7:2,"
            + " C:1 4000=7:1, C:1 4001=9:5 | ENDPOINT_INDEPENDENT 40",
        "5 two ports of two differ     | A:1 4000=7:1, A:2 4000=7:2, B:1 4000=7:3, B:2 4000=7:4"
            + " | ADDRESS_AND_PORT_DEPENDENT 80",
        "5 two ports of one differ     | A:1 4000=7:1, A:2 4000=7:2"
            + " | ADDRESS_AND_PORT_DEPENDENT 40",
        "5 another address differs     | A:1 4000=7:1, A:2 4000=7:1, B:1 4000=7:2, B:2 4000=7:2"
            + " | ADDRESS_DEPENDENT 60",
        "5 one address compared        | A:1 4000=7:1, A:2 4000=7:1, B:1 4000=7:2"
            + " | ADDRESS_DEPENDENT 40",
        "6 nobody with two ports       | A:1 4000=7:1, B:1 4000=7:2, C:1 4000=7:3"
            + " | ADDRESS_AND_PORT_DEPENDENT 40",
        "6 as many say this as that    | A:1 4000=7:1, A:2 4000=7:1, B:1 4000=7:2, B:2 4000=7:3"
            + " | ADDRESS_AND_PORT_DEPENDENT 40",
        "6 nobody else to compare      | A:1 4000=7:1, A:2 4000=7:2, A:1 4001=7:3, A:2 4001=7:3,"
            + " A:1 4002=7:4, A:2 4002=7:4 | ADDRESS_AND_PORT_DEPENDENT 40",
        "7 one witness, several ports  | A:1 4000=7:1, A:1 4001=7:2, A:1 4002=7:3 | unknown",
      })
  void mapping(String rule, String seen, String mapping) {
    for (Transport transport : Transport.values()) {
      NatProfile profile =
          NatClassifier.classify(Looks.read(transport, Source.STUN, seen), List.of());
      boolean tcp = transport == Transport.TCP;
      assertThat(text(tcp ? profile.tcpMapping() : profile.udpMapping())).isEqualTo(mapping);
      assertThat((tcp ? profile.udpMapping() : profile.tcpMapping()).isKnown()).isFalse();
    }
  }

  @ParameterizedTest(name = "rule {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "2 a /24 is one witness    | '' | A:1 4000=7:1, B:1 4000=7:1 | unknown",
        "8 nobody chose them       | '' | A:1 4000=7:1, 198.51.100.1:1 4000=7:1,"
            + " 198.18.0.1:1 4000=7:1, 198.19.0.1:1 4000=7:1 | ENDPOINT_INDEPENDENT 60",
        "8 many differ             | '' | A:1 4000=7:1, 198.51.100.1:1 4000=7:2,"
            + " 198.18.0.1:1 4000=7:3, 198.19.0.1:1 4000=7:4 | ADDRESS_AND_PORT_DEPENDENT 40",
        "8 STUN outweighs them     | A:1 4001=7:1, B:1 4001=7:2 | A:1 4000=7:1,"
            + " 198.51.100.1:1 4000=7:1, 198.18.0.1:1 4000=7:1 | ADDRESS_AND_PORT_DEPENDENT 40",
        "8 one STUN server does not | A:1 4001=7:1 | A:1 4000=7:1, 198.51.100.1:1 4000=7:1"
            + " | ENDPOINT_INDEPENDENT 60",
      })
  void udpMappingByTheDht(String rule, String stun, String dht, String mapping) {
    List<Observation> seen = new ArrayList<>(Looks.read(Transport.UDP, Source.STUN, stun));
    seen.addAll(Looks.read(Transport.UDP, Source.DHT, dht));
    assertThat(text(NatClassifier.classify(seen, List.of()).udpMapping())).isEqualTo(mapping);
  }

  @ParameterizedTest(name = "rule {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "9 kept, one lies    | A:1 4000=7:4000, B:1 4000=7:4000, C:1 4000=9:5 | Preserving[] 40",
        "9 kept by most ports | A:1 4000=7:4000, A:1 4001=7:4001, A:1 4002=7:5000,"
            + " B:1 4000=7:4000, B:1 4001=7:4001, B:1 4002=7:5000 | Preserving[] 80",
        "9 kept by half only  | A:1 4000=7:4000, A:1 4001=7:5000, B:1 4000=7:4000,"
            + " B:1 4001=7:5000 | unknown",
        "9 outvoted, not asked | A:1 4000=7:4000, A:1 4001=7:4001, B:1 4000=7:4000,"
            + " B:1 4001=7:4001, C:1 4000=7:4000, C:1 4001=9:5 | Preserving[] 40",
        "10 two ports         | A:1 4000=7:5000, A:1 4001=7:5001, B:1 4000=7:5000,"
            + " B:1 4001=7:5001 | unknown",
        "10 narrow, but apart | A:1 4000=7:5000, A:1 4001=7:5200, A:1 4002=7:5100,"
            + " B:1 4000=7:50000, B:1 4001=7:50200, B:1 4002=7:50100 | unknown",
        "10 just near enough  | A:1 4000=7:5000, A:1 4001=7:5200, A:1 4002=7:5100,"
            + " B:1 4000=7:6000, B:1 4001=7:7000, B:1 4002=7:7047 | Block[low=4590, high=7457] 40",
        "10 just too far      | A:1 4000=7:5000, A:1 4001=7:5200, A:1 4002=7:5100,"
            + " B:1 4000=7:6000, B:1 4001=7:7000, B:1 4002=7:7048 | unknown",
        "10 one of three apart | A:1 4000=7:5130, A:1 4001=7:5500, A:1 4002=7:5217,"
            + " B:1 4000=7:5611, B:1 4001=7:5380, B:1 4002=7:5550, C:1 4000=7:2100,"
            + " C:1 4001=7:2200, C:1 4002=7:2250 | Block[low=5120, high=5631] 40",
        "10 the lower pair    | A:1 4000=7:5000, A:1 4001=7:5070, A:1 4002=7:5130,"
            + " B:1 4000=7:6000, B:1 4001=7:6050, B:1 4002=7:6110, C:1 4000=7:7200,"
            + " C:1 4001=7:7250, C:1 4002=7:7300 | Block[low=4096, high=6143] 40",
        "10 in either order   | C:1 4000=7:5000, C:1 4001=7:5070, C:1 4002=7:5130,"
            + " B:1 4000=7:6000, B:1 4001=7:6050, B:1 4002=7:6110, A:1 4000=7:7200,"
            + " A:1 4001=7:7250, A:1 4002=7:7300 | Block[low=4096, high=6143] 40",
        "11 rising, shared    | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " B:1 4000=7:5000, B:1 4001=7:5001, B:1 4002=7:5002 | Sequential[step=1] 60",
        "11 falling           | A:1 4000=7:5004, A:1 4001=7:5002, A:1 4002=7:5000,"
            + " B:1 4000=7:5004, B:1 4001=7:5002, B:1 4002=7:5000 | Sequential[step=-2] 60",
        "11 interleaved, gap  | A:1 4000=7:5000, B:1 4000=7:5002, A:1 4001=7:5004,"
            + " B:1 4001=7:5008, A:1 4002=7:5010, B:1 4002=7:5012 | Sequential[step=2] 80",
        "11 all the way round | A:1 4000=7:65532, B:1 4000=7:65534, A:1 4001=7:1024,"
            + " B:1 4001=7:1026, A:1 4002=7:1028, B:1 4002=7:1030 | Sequential[step=2] 80",
        "11 overtaken         | A:1 4000=7:5000, B:1 4000=7:5006, A:1 4001=7:5002,"
            + " B:1 4001=7:5004, A:1 4002=7:5008, B:1 4002=7:5010 | Sequential[step=2] 80",
        "11 others in between | A:1 4000=7:5000, B:1 4000=7:5003, A:1 4001=7:5010,"
            + " B:1 4001=7:5011, A:1 4002=7:5017, B:1 4002=7:5040, A:1 4003=7:5042,"
            + " B:1 4003=7:5049 | Sequential[step=1] 80",
        "11 alone, a guess    | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002"
            + " | Sequential[step=1] 40",
        "11 steadily falling  | A:1 4000=7:5049, B:1 4000=7:5042, A:1 4001=7:5040,"
            + " B:1 4001=7:5017, A:1 4002=7:5011, B:1 4002=7:5010, A:1 4003=7:5003,"
            + " B:1 4003=7:5000 | Sequential[step=-1] 80",
        "11 the first look tells | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " B:1 4002=7:5002, B:1 4001=7:5001, B:1 4000=7:5000 | Sequential[step=1] 60",
        "11 one view outvoted | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " B:1 4000=7:5000, B:1 4001=7:5001, B:1 4002=7:5002, C:1 4000=7:5000,"
            + " C:1 4001=7:5001, C:1 4002=7:5500 | Sequential[step=1] 60",
        "11 a liar outvoted   | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " B:1 4000=7:5000, B:1 4001=7:5001, B:1 4002=7:5002, C:1 4000=9:5,"
            + " C:1 4001=9:6, C:1 4002=9:7 | Sequential[step=1] 40",
        "11 a liar left out   | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " B:1 4000=7:5000, B:1 4001=7:5001, B:1 4002=7:5002, C:1 4003=7:5300,"
            + " C:1 4004=7:5411, C:1 4005=7:5380 | Sequential[step=1] 40",
        "11 only one of two   | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " B:1 4000=7:5037, B:1 4001=7:5080, B:1 4002=7:5111 | Block[low=4608, high=5119] 80",
        "11 half of the gaps  | A:1 4000=7:5000, A:1 4001=7:5001, A:1 4002=7:5002,"
            + " A:1 4003=7:5004, A:1 4004=7:5008 | Block[low=4608, high=5119] 40",
        "11 64 steps skipped  | A:1 4000=7:4700, A:1 4001=7:4702, A:1 4002=7:4704,"
            + " A:1 4003=7:4706, A:1 4004=7:4834 | Sequential[step=2] 40",
        "11 65 steps skipped  | A:1 4000=7:4700, A:1 4001=7:4702, A:1 4002=7:4704,"
            + " A:1 4003=7:4706, A:1 4004=7:4836 | Block[low=4608, high=5119] 40",
        "11 largest step of few | A:1 4000=7:5000, A:1 4001=7:5016, A:1 4002=7:5032"
            + " | Sequential[step=16] 40",
        "11 larger step of few | A:1 4000=7:5000, A:1 4001=7:5017, A:1 4002=7:5034"
            + " | Block[low=4608, high=5119] 40",
        "11 largest step of six | A:1 4000=7:4100, A:1 4001=7:4356, A:1 4002=7:4612,"
            + " A:1 4003=7:4868, A:1 4004=7:5124, A:1 4005=7:5380 | Sequential[step=256] 40",
        "11 larger step of six | A:1 4000=7:4100, A:1 4001=7:4357, A:1 4002=7:4614,"
            + " A:1 4003=7:4871, A:1 4004=7:5128, A:1 4005=7:5385 | Block[low=4096, high=6143] 40",
        "11 larger step of eight | A:1 4000=7:4100, A:1 4001=7:4357, A:1 4002=7:4614,"
            + " A:1 4003=7:4871, A:1 4004=7:5128, A:1 4005=7:5385, A:1 4006=7:5642,"
            + " A:1 4007=7:5899 | Block[low=4096, high=6143] 40",
        "12 block             | A:1 4000=7:5130, A:1 4001=7:5500, A:1 4002=7:5217,"
            + " B:1 4000=7:5611, B:1 4001=7:5380, B:1 4002=7:5550 | Block[low=5120, high=5631] 80",
        "12 larger block      | A:1 4000=7:5130, A:1 4001=7:6000, A:1 4002=7:5217,"
            + " B:1 4000=7:5611, B:1 4001=7:5380, B:1 4002=7:5550 | Block[low=5120, high=6143] 80",
        "12 not aligned       | A:1 4000=7:6000, A:1 4001=7:6300, A:1 4002=7:6217,"
            + " B:1 4000=7:6611, B:1 4001=7:6380, B:1 4002=7:6550 | Block[low=5877, high=6734] 40",
        "12 several addresses | A:1 4000=7:5130, A:1 4001=7:5500, A:1 4002=8:9217,"
            + " A:1 4003=8:9230, B:1 4000=7:5611, B:1 4001=7:5380, B:1 4002=8:9250,"
            + " B:1 4003=8:9299 | Block[low=9216, high=9727] 80",
        "12 where most looked | A:1 4000=7:5130, A:1 4001=7:5500, A:1 4002=7:5217,"
            + " B:1 4000=7:5130, B:1 4001=7:5500, B:1 4002=7:5217, C:1 4003=8:9217,"
            + " C:1 4004=8:9230, C:1 4005=8:9250, C:1 4006=8:9299 | Block[low=5120, high=5631] 80",
        "12 where most ports are | A:1 4000=7:5130, A:1 4001=7:5500, A:1 4002=7:5217,"
            + " A:1 4003=7:5300, A:1 4004=8:9217, A:1 4005=8:9230, A:1 4006=8:9250"
            + " | Block[low=5120, high=5631] 40",
        "12 three in 512      | A:1 4000=7:5130, A:1 4001=7:5500, A:1 4002=7:5217,"
            + " B:1 4000=7:5130, B:1 4001=7:5500, B:1 4002=7:5217 | Block[low=5120, high=5631] 60",
        "12 three in 1024     | A:1 4000=7:5130, A:1 4001=7:5700, A:1 4002=7:5217,"
            + " B:1 4000=7:5130, B:1 4001=7:5700, B:1 4002=7:5217 | Block[low=5120, high=6143] 40",
        "12 beyond its end    | A:1 4000=7:5130, A:1 4001=7:5632, A:1 4002=7:5217,"
            + " A:1 4003=7:5300 | Block[low=5120, high=6143] 40",
        "12 the largest block | A:1 4000=7:4096, A:1 4001=7:6143, A:1 4002=7:5000,"
            + " A:1 4003=7:5555, B:1 4000=7:4096, B:1 4001=7:6143, B:1 4002=7:5000,"
            + " B:1 4003=7:5555 | Block[low=4096, high=6143] 80",
        "13 wider by a port   | A:1 4000=7:4096, A:1 4001=7:6144, A:1 4002=7:5000,"
            + " A:1 4003=7:5555, B:1 4000=7:4096, B:1 4001=7:6144, B:1 4002=7:5000,"
            + " B:1 4003=7:5555 | Random[low=3413, high=6827] 80",
        "13 random            | A:1 4000=7:5000, A:1 4001=7:60000, A:1 4002=7:30000,"
            + " B:1 4000=7:20000, B:1 4001=7:40000, B:1 4002=7:50000"
            + " | Random[low=1024, high=65535] 80",
        "13 of a smaller range | A:1 4000=7:32000, A:1 4001=7:42000, A:1 4002=7:52000,"
            + " B:1 4000=7:34000, B:1 4001=7:44000, B:1 4002=7:50000"
            + " | Random[low=28000, high=56000] 80",
        "13 three samples     | A:1 4000=7:5000, A:1 4001=7:60000, A:1 4002=7:30000,"
            + " B:1 4000=7:5000, B:1 4001=7:60000, B:1 4002=7:30000"
            + " | Random[low=1024, high=65535] 60",
        "13 a liar outvoted   | A:1 4000=7:5000, A:1 4001=7:60000, A:1 4002=7:30000,"
            + " B:1 4000=7:5000, B:1 4001=7:60000, B:1 4002=7:30000, C:1 4000=9:5,"
            + " C:1 4001=9:6, C:1 4002=9:7 | Random[low=1024, high=65535] 40",
        "10 together, a guess | A:1 4000=7:5000, B:1 4000=7:60000, C:1 4000=7:30000"
            + " | Random[low=1024, high=65535] 40",
        "10 together, narrow  | A:1 4000=7:5000, B:1 4000=7:5002, C:1 4000=7:5004"
            + " | Sequential[step=2] 40",
      })
  void allocation(String rule, String seen, String allocation) {
    List<Observation> looks = Looks.read(Transport.TCP, Source.STUN, seen);
    assertThat(text(NatClassifier.classify(looks, List.of()).allocation())).isEqualTo(allocation);
    List<Observation> udp = Looks.read(Transport.UDP, Source.STUN, seen);
    assertThat(NatClassifier.classify(udp, List.of()).allocation().isKnown()).isFalse();
  }
}
