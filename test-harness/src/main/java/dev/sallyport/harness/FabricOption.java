package dev.sallyport.harness;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.tun.TunFabric;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option that says what a network is made of. */
final class FabricOption {
  /** The default first. */
  static final List<Fabric> ALL = List.of(new NftFabric(), new TunFabric());

  @Option(
      names = "--fabric",
      paramLabel = "FABRIC",
      converter = Converter.class,
      completionCandidates = Names.class,
      description = {
        "Whose NATs: nft (default), the kernel's own; or tun, the model's, which has every kind of",
        "NAT, carriers, jitter and reordering."
      })
  private Fabric fabric = ALL.getFirst();

  Fabric fabric() {
    return fabric;
  }

  /** The names of all fabrics. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ALL.stream().map(Fabric::name).iterator();
    }
  }

  /** Reads the name of a fabric. */
  static final class Converter implements ITypeConverter<Fabric> {
    @Override
    public Fabric convert(String text) {
      return ALL.stream()
          .filter(fabric -> fabric.name().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "\"%s\" is no fabric; expected %s"
                          .formatted(
                              text,
                              ALL.stream().map(Fabric::name).collect(Collectors.joining(" or ")))));
    }
  }
}
