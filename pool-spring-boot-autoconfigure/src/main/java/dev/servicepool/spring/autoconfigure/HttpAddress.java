package dev.servicepool.spring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Parses the configured address of an HTTP server. Only its scheme, host, and port are
 * used. An address with any other part is rejected, so that no part is silently ignored.
 */
final class HttpAddress {

	private static final String AFTER_SCHEME = "://";

	private static final Pattern PORT = Pattern.compile("\\d{1,5}");

	private static final String BAD_PORT = "its port must be between 1 and 65535";

	private static final String NO_HOST = "it must contain a host, as in http://host:port";

	private HttpAddress() {
	}

	/**
	 * Parse an address.
	 * @param text the configured text
	 * @return the address
	 * @throws IllegalArgumentException if the text is not a valid address; the message is
	 * the remedy and contains no part of the text, because the text may contain a
	 * password
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
				remedy = "use the form http://host:port (" + ex.getReason().toLowerCase(Locale.ROOT) + ")";
			}
		}
		if (uri == null || remedy != null) {
			throw new IllegalArgumentException(remedy);
		}
		return uri;
	}

	/**
	 * Return the remedy for a text that cannot be parsed, or {@code null} if it can be.
	 */
	private static @Nullable String remedyOfText(String text) {
		if (text.isBlank()) {
			return "use the form http://host:port, or remove the value";
		}
		if (text.indexOf('@') != -1) {
			return "remove the user name and the password, and let the client send an Authorization header";
		}
		int scheme = text.indexOf(AFTER_SCHEME);
		if (scheme == -1) {
			return "it must start with http:// or https://";
		}
		String rest = text.substring(scheme + AFTER_SCHEME.length());
		return (rest.isEmpty() || "/?#:".indexOf(rest.charAt(0)) != -1) ? NO_HOST : null;
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
		if (LiteralAddress.isNumber(uri.getHost())) {
			return LiteralAddress.NUMBER_REMEDY;
		}
		if (LiteralAddress.isMulticast(uri.getHost())) {
			return "it must not be a multicast address";
		}
		if (StringUtils.hasLength(uri.getRawPath()) && !"/".equals(uri.getRawPath())) {
			return "remove the path, because it belongs to the requests";
		}
		if (uri.getRawQuery() != null) {
			return "remove the query, because it belongs to the requests";
		}
		return (uri.getRawFragment() != null) ? "remove the fragment" : null;
	}

	/** Return the remedy for an authority whose host cannot be determined. */
	private static String remedyOfAuthority(@Nullable String authority) {
		if (authority == null) {
			return NO_HOST;
		}
		int colon = authority.lastIndexOf(':');
		if (colon != -1 && !PORT.matcher(authority.substring(colon + 1)).matches()) {
			return BAD_PORT;
		}
		return (authority.indexOf('_') != -1)
				? "a host name must not contain an underscore; use another name or the IP address"
				: "the host must be an IP address, or consist of letters from a to z, digits, hyphens, and dots";
	}

}
