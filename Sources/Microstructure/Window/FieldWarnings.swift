import Foundation
import Specimens

extension ValidityWarning {
  static func fields(_ code: String, _ message: String) -> ValidityWarning {
    ValidityWarning(stage: "fields", code: code, message: message)
  }

  static func clippedSpectrum(of part: String, _ fraction: Double) -> ValidityWarning {
    .fields(
      "clippedSpectrum",
      "\(String(format: "%.3g", 100 * fraction)) % of the \(part)'s random spectrum was negative and clipped "
        + "(limit 0.1 %); its correlation is off by about that much, so use a wider \(part) or a shorter "
        + "correlation length")
  }
}
