package dev.sallyport.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fuzz tests of one module's decoders: methods with {@code @FuzzTest}, one per decoder, that take
 * the bytes and assert what holds for any bytes. Their seeds are valid inputs, from a method named
 * by {@code @MethodSource} that returns a {@code List<byte[]>}; inputs that once failed stand under
 * {@code src/test/resources} where Jazzer looks for them.
 *
 * <p>Jazzer itself, which follows the coverage, fuzzes a single method per JVM and takes seconds to
 * start; that is what {@code .ci/fuzz} is for. In an ordinary build Jazzer only runs each method
 * over its seeds. So that every build tries new inputs nevertheless, {@link #mutants} feeds the
 * same methods with random mutants of the seeds, without any guidance by coverage. A failure prints
 * its input.
 */
public abstract class DecoderFuzzing {
  private static final int MUTANTS = 10_000;
  private static final long BUDGET_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What a decoder may allocate whatever its input is, and for each byte of it. */
  private static final long ALLOWED_BYTES = 2_000_000;

  private static final long ALLOWED_PER_BYTE = 400;

  /** Jazzer's hooks allocate in the decoder's name, a hundred times as much as it does. */
  private static final boolean MEASURED = "false".equals(System.getProperty("jazzer.hooks"));

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long accepted;

  /** What is tested; null if it refuses that way. May run several times for one input. */
  protected interface Decoder<T> {
    @Nullable T decode() throws Exception;
  }

  /**
   * What a decoder makes of an input. An exception that is not exactly of the declared class comes
   * out; and it is an error to allocate out of proportion, which is not measured while Jazzer's
   * hooks are on: {@code .ci/fuzz} runs all that it has found once more without them.
   *
   * @param declared the one exception by which the decoder may refuse
   * @return null if it did
   */
  protected final <T> @Nullable T decode(
      Class<? extends Exception> declared, byte[] input, Decoder<T> decoder) throws Exception {
    long allowed = ALLOWED_BYTES + ALLOWED_PER_BYTE * input.length;
    long allocated = 0;
    // The first time the decoder's classes are loaded as well.
    for (int attempt = 0; attempt < 3; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      T value = null;
      try {
        value = decoder.decode();
      } catch (Exception e) {
        if (e.getClass() != declared) {
          throw e;
        }
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated <= allowed || !MEASURED) {
        accepted += value == null ? 0 : 1;
        return value;
      }
    }
    throw new AssertionError(
        allocated + " bytes allocated for an input of " + input.length + " bytes");
  }

  /** Fails unless {@code again} is the input: the same meaning may not have two encodings. */
  protected static void assertSameBytes(byte[] input, byte[] again) {
    if (!Arrays.equals(input, again)) {
      throw new AssertionError("written again as " + HexFormat.of().formatHex(again));
    }
  }

  /** The short run of every fuzz test: at most 10,000 mutants, and no longer than a second. */
  @TestFactory
  final Stream<DynamicTest> mutants() {
    return Arrays.stream(getClass().getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(FuzzTest.class))
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> DynamicTest.dynamicTest(method.getName(), () -> feed(method)));
  }

  private void feed(Method fuzzTest) throws Exception {
    fuzzTest.setAccessible(true);
    List<byte[]> seeds = seeds(fuzzTest);
    long before = accepted;
    for (byte[] seed : seeds) {
      feed(fuzzTest, seed);
    }
    if (accepted == before) {
      throw new AssertionError("the decoder takes none of its own seeds");
    }
    Mutator mutator = new Mutator(seeds, new Random());
    long start = System.nanoTime();
    for (int i = 0; i < MUTANTS && System.nanoTime() - start < BUDGET_NANOS; i++) {
      feed(fuzzTest, mutator.next());
    }
  }

  private void feed(Method fuzzTest, byte[] input) throws Exception {
    try {
      fuzzTest.invoke(this, (Object) input.clone());
    } catch (InvocationTargetException e) {
      throw new AssertionError(
          fuzzTest.getName() + " on the input " + HexFormat.of().formatHex(input), e.getCause());
    }
  }

  private List<byte[]> seeds(Method fuzzTest) throws ReflectiveOperationException {
    List<byte[]> seeds = new ArrayList<>();
    for (String name : fuzzTest.getAnnotation(MethodSource.class).value()) {
      Method source = getClass().getDeclaredMethod(name);
      source.setAccessible(true);
      for (Object seed : (List<?>) source.invoke(null)) {
        seeds.add((byte[]) seed);
      }
    }
    return seeds;
  }
}
