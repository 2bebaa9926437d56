/**
 * The networks that the fabrics for real processes have in common: two sites and a middle, each a
 * Linux network namespace, with policy routing that leads every packet between them through TUN
 * devices. What happens there, and where the NATs are, is the fabrics' own.
 */
@NullMarked
package dev.sallyport.harness.topology;

import org.jspecify.annotations.NullMarked;
