@NullMarked
package com.example.rendezvous;

import org.jspecify.annotations.NullMarked;
