package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Reads the address of an HTTP server as it is configured. Only its scheme, host and port
 * would be used: anything else in it is refused rather than ignored.
 */
final class HttpAddress {

	private static final String AFTER_SCHEME = "://";

	private static final Pattern PORT = Pattern.compile("\\d{1,5}");

	private static final String BAD_PORT = "its port must be between 1 and 65535";

	private HttpAddress() {
	}

	/**
	 * Read an address.
	 * @param text how it is configured
	 * @return the address
	 * @throws IllegalArgumentException if it is none; the message says what to do, and
	 * gives nothing away that could be a password
	 */
	static URI read(String text) {
		URI uri = null;
		String remedy = remedyOfText(text);
		if (remedy == null) {
			try {
				uri = new URI(text);
				remedy = remedyOfUri(uri);
			}
			catch (URISyntaxException ex) {
				remedy = "write it like http://host:port, it has an " + ex.getReason().toLowerCase(Locale.ROOT);
			}
		}
		if (uri == null || remedy != null) {
			throw new IllegalArgumentException(remedy);
		}
		return uri;
	}

	/** What is told before the text is taken apart. */
	private static @Nullable String remedyOfText(String text) {
		if (text.isBlank()) {
			return "write an address like http://host:port, or leave it out";
		}
		if (text.indexOf('@') != -1) {
			return "leave out the user and the password, and let the client send an Authorization header";
		}
		int scheme = text.indexOf(AFTER_SCHEME);
		if (scheme == -1) {
			return "start it with http:// or https://";
		}
		String rest = text.substring(scheme + AFTER_SCHEME.length());
		return (rest.isEmpty() || "/?#:".indexOf(rest.charAt(0)) != -1) ? "it must have a host, as in http://host:port"
				: null;
	}

	private static @Nullable String remedyOfUri(URI uri) {
		if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
			return "its scheme must be http or https";
		}
		if (uri.getHost() == null) {
			return remedyOfAuthority(uri.getRawAuthority());
		}
		if (uri.getPort() == 0 || uri.getPort() > 65535) {
			return BAD_PORT;
		}
		if (StringUtils.hasLength(uri.getRawPath()) && !"/".equals(uri.getRawPath())) {
			return "leave out the path, which belongs to the requests";
		}
		if (uri.getRawQuery() != null) {
			return "leave out the query, which belongs to the requests";
		}
		return (uri.getRawFragment() != null) ? "leave out the fragment" : null;
	}

	/** What is wrong if the host cannot be told. */
	private static String remedyOfAuthority(String authority) {
		int colon = authority.lastIndexOf(':');
		if (colon != -1 && !PORT.matcher(authority.substring(colon + 1)).matches()) {
			return BAD_PORT;
		}
		return (authority.indexOf('_') != -1) ? "a host has no underscore, use another name or the IP address"
				: "a host is made of letters from a to z, digits, hyphens and dots, or is an IP address";
	}

}
