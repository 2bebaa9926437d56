/**
 * The simulator for other people's tests: {@link dev.sallyport.harness.kit.TwoSites} is two hosts
 * behind NATs in virtual time, {@link dev.sallyport.harness.kit.NatLab} hands it to JUnit tests.
 * {@code docs/use-the-lab-in-your-tests.md} shows how.
 *
 * <p>JUnit 5 comes from the module that uses {@link dev.sallyport.harness.kit.NatLab}; nothing else
 * here needs it.
 */
@NullMarked
package dev.sallyport.harness.kit;

import org.jspecify.annotations.NullMarked;
