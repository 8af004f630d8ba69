/** A real Chromium, driven over its DevTools protocol with what the JDK has. */
package dev.terraseal.page.browser;
