"""Solution concepts of trees and of stage games."""
