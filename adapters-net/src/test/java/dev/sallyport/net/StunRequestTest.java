package dev.sallyport.net;

import static dev.sallyport.net.StunMessageTest.ID;
import static dev.sallyport.net.StunMessageTest.attribute;
import static dev.sallyport.net.StunMessageTest.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class StunRequestTest {
  /** RFC 5769 section 2.1: we have no password, and know what ICE puts in. */
  @Test
  void requestOfRfc5769_isReadAsTheRfcSays() throws Exception {
    assertThat(StunRequest.decode(HexFormat.of().parseHex(StunMessageTest.REQUEST)))
        .isEqualTo(new StunRequest(ID, false, false, 0, null, true, List.of()));
  }

  @Test
  void requests_areReadBack_andNothingElseIsOne() throws Exception {
    for (StunRequest request :
        List.of(
            StunRequest.plain(),
            StunRequest.change(true, false),
            StunRequest.change(false, true),
            StunRequest.change(true, true),
            StunRequest.dialBack(DialBackOrder.of(Vantage.OTHER_PORT)),
            new StunRequest(
                ID,
                true,
                false,
                5000,
                DialBackOrder.of(Vantage.OTHER_ADDRESS),
                true,
                List.of(2, 1)))) {
      assertThat(StunRequest.decode(request.encode())).isEqualTo(request);
    }
    for (byte[] wrong :
        List.of(
            StunMessage.success(ID, Endpoint.parse("192.0.2.8:1")).encode(),
            StunMessage.error(ID, 420).encode(),
            message(0x0011),
            message(0x0003),
            message(0x0001, attribute(0x0003, "00")),
            message(0x0001, attribute(0x0027, "00")),
            message(0x0001, attribute(0x8028, "00000000")),
            new byte[20])) {
      assertThatThrownBy(() -> StunRequest.decode(wrong)).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void anOrderForADialBack_saysFromWhereAndForHowLong_andAnUnknownOneIsNone() throws Exception {
    DialBackOrder order = new DialBackOrder(Vantage.OTHER_ADDRESS, Duration.ofSeconds(8));
    assertThat(order.encode()).isEqualTo(HexFormat.of().parseHex("1f400004"));
    assertThat(DialBackOrder.decode(order.encode())).isEqualTo(order);
    assertThat(DialBackOrder.of(Vantage.OTHER_PORT).encode()).isEqualTo(new byte[] {0, 0, 0, 2});
    for (String unknown : List.of("", "0002", "00000000", "00000006", "0000000200")) {
      assertThat(DialBackOrder.decode(HexFormat.of().parseHex(unknown))).as(unknown).isNull();
    }
    for (Duration no : List.of(Duration.ofMillis(-1), Duration.ofMillis(65_536))) {
      assertThatThrownBy(() -> new DialBackOrder(Vantage.OTHER_PORT, no))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aQuestionFullOfUnknownAttributes_isNotAnsweredAtLength() throws Exception {
    byte[][] attributes = new byte[500][];
    for (int i = 0; i < attributes.length; i++) {
      attributes[i] = attribute(0x7000 + i / 2, "");
    }
    assertThat(StunRequest.decode(message(0x0001, attributes)).unknown())
        .hasSize(16)
        .doesNotHaveDuplicates();
  }
}
